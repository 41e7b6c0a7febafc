//! Completes what the routes say of themselves: German texts, headers, examples, and the parts about the whole
//! document.

use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::info::{InfoBuilder, LicenseBuilder};
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, OpenApi, RefOr, Response, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::examples::{self, Example};
use super::{VERSION, headers, links, texts};
use crate::http::error::{Envelope, InvalidField};

/// The groups of operations, in display order.
const TAGS: [&str; 3] = ["trigger", "monitoring", "description"];

pub(super) fn describe(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Sellcruiting Agent Webhook")
        .version(VERSION)
        .description(Some(texts::info()))
        .license(Some(
            LicenseBuilder::new().name("Proprietary").identifier(Some("LicenseRef-Proprietary")).build(),
        ))
        .build();
    // The service is at the same origin as this document.
    let itself = ServerBuilder::new()
        .url("/")
        .description(Some("Produktion: der Dienst, der dieses Dokument ausliefert"));
    api.servers = Some(vec![itself.extensions(Some(Extensions::from_iter([("x-internal", false)]))).build()]);
    api.tags = Some(TAGS.map(tag).into());
    api.paths.paths.values_mut().flat_map(operations).for_each(describe_operation);
    describe_components(api.components.get_or_insert_default());
    api
}

fn tag(id: &str) -> utoipa::openapi::Tag {
    let (name, description) = texts::tag(id);
    TagBuilder::new().name(name).description(Some(description)).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

fn describe_operation(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let (summary, description) = texts::operation(&id);
    operation.summary = Some(summary.to_owned());
    operation.description = Some(description.to_owned());
    for tag in operation.tags.iter_mut().flatten() {
        texts::tag(tag).0.clone_into(tag);
    }
    // Written out as an empty list, because a missing member could be an oversight.
    operation.security.get_or_insert_default();
    for parameter in operation.parameters.iter_mut().flatten() {
        describe_parameter(parameter);
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.description = Some(texts::request_body(&id).to_owned());
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content {
                content.examples = examples::of_request(&id).into_iter().map(Example::entry).collect();
            }
        }
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            describe_response(&id, status, response);
        }
    }
}

fn describe_parameter(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    parameter.description = Some(texts::header(&parameter.name).to_owned());
    parameter.schema = Some(headers::sent(&parameter.name));
}

fn describe_response(id: &str, status: &str, response: &mut Response) {
    texts::response(id, status).clone_into(&mut response.description);
    let own: Vec<_> = response.headers.keys().cloned().collect();
    for name in own.iter().map(String::as_str).chain(headers::OF_ALL) {
        response.headers.insert(name.to_owned(), headers::reference(name));
    }
    response.links.extend(links::after(id, status).map(|(name, link)| (name.to_owned(), link.into())));
    if !status.starts_with('2') {
        return;
    }
    for content in response.content.values_mut() {
        if let RefOr::T(content) = content {
            content.examples = examples::of_success(id).into_iter().map(Example::entry).collect();
        }
    }
}

fn describe_components(components: &mut Components) {
    let mut key = Http::new(HttpAuthScheme::Bearer);
    key.description = Some(texts::security().to_owned());
    components.headers.extend(headers::components());
    components.security_schemes.insert("apiKey".to_owned(), SecurityScheme::Http(key).into());
    // Schemas of the errors, whose answers are not derived from types.
    components.schemas.insert(Envelope::name().into_owned(), Envelope::schema());
    components.schemas.insert(InvalidField::name().into_owned(), InvalidField::schema());
    for (name, schema) in &mut components.schemas {
        set_description(schema, texts::schema(name));
        describe_members(name, schema);
    }
}

/// Describes the members of a type, however deeply nested.
fn describe_members(name: &str, schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            for (member, schema) in &mut object.properties {
                set_description(schema, texts::schema(&format!("{name}.{member}")));
            }
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(|item| describe_members(name, item)),
        Schema::OneOf(one) => one.items.iter_mut().for_each(|item| describe_members(name, item)),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(|item| describe_members(name, item)),
        _ => {}
    }
}

fn set_description(schema: &mut RefOr<Schema>, description: &str) {
    let description = description.to_owned();
    match schema {
        RefOr::Ref(reference) => reference.description = description,
        RefOr::T(Schema::Object(object)) => object.description = Some(description),
        RefOr::T(Schema::Array(array)) => array.description = Some(description),
        RefOr::T(Schema::AllOf(all)) => all.description = Some(description),
        RefOr::T(Schema::OneOf(one)) => one.description = Some(description),
        RefOr::T(Schema::AnyOf(any)) => any.description = Some(description),
        RefOr::T(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_used() {
        let document = super::super::json();
        let unused: Vec<_> = texts::all()
            .filter(|(key, _)| !key.starts_with("tag "))
            .filter(|(_, text)| {
                let last = text.rsplit("\n\n").next().unwrap_or_default();
                !document.contains(serde_json::json!(last).to_string().trim_matches('"'))
            })
            .collect();
        assert_eq!(unused, []);
    }
}

//! The specification as the page shows it: in reading order, with references resolved.

use serde::Serialize;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::{OpenApi, RefOr, Required, Response, Schema};

use super::kind::{kind, name};
use super::markdown::{html, inline};
use crate::http::openapi::examples::{self, Example};

#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    version: String,
    intro: String,
    security: String,
    groups: Vec<Group>,
    types: Vec<Type>,
}

/// Operations that belong together.
#[derive(Serialize)]
struct Group {
    name: String,
    text: String,
    operations: Vec<OperationView>,
}

#[derive(Serialize)]
struct OperationView {
    id: String,
    method: &'static str,
    path: String,
    summary: String,
    text: String,
    needs_key: bool,
    parameters: Vec<Member>,
    body: Option<Body>,
    answers: Vec<Answer>,
}

#[derive(Serialize)]
struct Body {
    text: String,
    type_name: String,
    examples: Vec<ExampleView>,
}

#[derive(Serialize)]
struct Answer {
    status: String,
    text: String,
    type_name: Option<String>,
    /// The stable words of an error.
    words: Vec<String>,
    headers: Vec<String>,
    examples: Vec<ExampleView>,
}

#[derive(Serialize)]
struct ExampleView {
    summary: String,
    json: String,
}

#[derive(Serialize)]
struct Type {
    name: String,
    text: String,
    /// How a required member is labelled: as mandatory in a request, as always present in an answer.
    required: &'static str,
    members: Vec<Member>,
}

/// A member of a type, or a header.
#[derive(Serialize)]
struct Member {
    name: String,
    kind: String,
    text: String,
    is_required: bool,
    /// The variant that has this member, if not all variants do.
    only: Option<String>,
}

impl Page {
    pub(super) fn of(api: &OpenApi) -> Self {
        Self {
            title: api.info.title.clone(),
            version: api.info.version.clone(),
            intro: html(api.info.description.as_deref().unwrap_or_default()),
            security: html(security(api).unwrap_or_default()),
            groups: api
                .tags
                .iter()
                .flatten()
                .map(|tag| group(api, &tag.name, tag.description.as_deref()))
                .collect(),
            types: types(api),
        }
    }
}

fn security(api: &OpenApi) -> Option<&str> {
    use utoipa::openapi::security::SecurityScheme::Http;
    match api.components.as_ref()?.security_schemes.values().next()? {
        RefOr::T(Http(key)) => key.description.as_deref(),
        _ => None,
    }
}

fn group(api: &OpenApi, name: &str, text: Option<&str>) -> Group {
    let all = api.paths.paths.iter().flat_map(|(path, item)| {
        [("GET", &item.get), ("POST", &item.post)]
            .into_iter()
            .filter_map(move |(method, operation)| Some((path, method, operation.as_ref()?)))
    });
    let own = all.filter(|(.., operation)| operation.tags.iter().flatten().any(|tag| tag == name));
    Group {
        name: name.to_owned(),
        text: html(text.unwrap_or_default()),
        operations: own.map(|(path, method, operation)| view(path, method, operation)).collect(),
    }
}

fn view(path: &str, method: &'static str, operation: &Operation) -> OperationView {
    let id = operation.operation_id.clone().unwrap_or_default();
    let answers = operation.responses.responses.iter();
    OperationView {
        method,
        path: path.to_owned(),
        summary: operation.summary.clone().unwrap_or_default(),
        text: html(operation.description.as_deref().unwrap_or_default()),
        needs_key: operation.security.as_ref().is_some_and(|needed| !needed.is_empty()),
        parameters: operation.parameters.iter().flatten().filter_map(parameter).collect(),
        body: body(&id, operation),
        answers: answers.filter_map(|(status, answer)| answer_view(&id, status, answer)).collect(),
        id,
    }
}

fn parameter(parameter: &RefOr<Parameter>) -> Option<Member> {
    let RefOr::T(parameter) = parameter else { return None };
    Some(Member {
        name: parameter.name.clone(),
        kind: inline(&parameter.schema.as_ref().map(kind).unwrap_or_default()),
        text: inline(parameter.description.as_deref().unwrap_or_default()),
        is_required: parameter.required == Required::True,
        only: None,
    })
}

fn body(id: &str, operation: &Operation) -> Option<Body> {
    let RefOr::T(body) = operation.request_body.as_ref()? else { return None };
    let RefOr::T(content) = body.content.values().next()? else { return None };
    Some(Body {
        text: html(body.description.as_deref().unwrap_or_default()),
        type_name: type_name(content.schema.as_ref()?)?,
        examples: examples::of_request(id).into_iter().map(example).collect(),
    })
}

fn answer_view(id: &str, status: &str, response: &RefOr<Response>) -> Option<Answer> {
    let RefOr::T(response) = response else { return None };
    let schema = response.content.values().find_map(|content| match content {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    });
    let is_success = status.starts_with('2');
    Some(Answer {
        status: status.to_owned(),
        text: html(&response.description),
        type_name: schema.and_then(type_name),
        words: schema.map(words).unwrap_or_default(),
        headers: response.headers.keys().cloned().collect(),
        examples: if is_success {
            examples::of_success(id).into_iter().map(example).collect()
        } else {
            Vec::new()
        },
    })
}

fn example(example: Example) -> ExampleView {
    ExampleView { summary: example.summary, json: example.json }
}

/// The type that a schema refers to or narrows.
fn type_name(schema: &RefOr<Schema>) -> Option<String> {
    match schema {
        RefOr::Ref(reference) => Some(name(&reference.ref_location).to_owned()),
        RefOr::T(Schema::AllOf(all)) => all.items.iter().find_map(type_name),
        RefOr::T(_) => None,
    }
}

/// The `error` words that a narrowed error allows.
fn words(schema: &RefOr<Schema>) -> Vec<String> {
    let RefOr::T(Schema::AllOf(all)) = schema else { return Vec::new() };
    let errors = all.items.iter().filter_map(|item| match item {
        RefOr::T(Schema::Object(object)) => object.properties.get("error"),
        _ => None,
    });
    let words = errors.filter_map(|error| match error {
        RefOr::T(Schema::Object(error)) => error.enum_values.as_ref(),
        _ => None,
    });
    words.flatten().filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// All types, except those that are only parts of others.
fn types(api: &OpenApi) -> Vec<Type> {
    let Some(components) = &api.components else { return Vec::new() };
    let shown = components.schemas.iter().filter(|(_, schema)| !matches!(schema, RefOr::T(Schema::OneOf(_))));
    shown
        .map(|(name, schema)| Type {
            name: name.clone(),
            text: html(description(schema)),
            required: if is_sent(api, name) { "Pflicht" } else { "immer" },
            members: members(api, schema, None),
        })
        .collect()
}

/// Whether callers send this type.
fn is_sent(api: &OpenApi, name: &str) -> bool {
    let operations = api.paths.paths.values().filter_map(|item| item.post.as_ref());
    operations.filter_map(|operation| body("", operation)).any(|body| body.type_name == name)
}

fn members(api: &OpenApi, schema: &RefOr<Schema>, only: Option<&str>) -> Vec<Member> {
    match schema {
        RefOr::Ref(reference) => {
            let schemas = api.components.as_ref().map(|components| &components.schemas);
            let target = schemas.and_then(|schemas| schemas.get(name(&reference.ref_location)));
            target.map(|target| members(api, target, only)).unwrap_or_default()
        }
        RefOr::T(Schema::AllOf(all)) => {
            // Members that all variants share come first.
            let (parts, own): (Vec<_>, Vec<_>) =
                all.items.iter().partition(|item| matches!(item, RefOr::Ref(_)));
            own.into_iter().chain(parts).flat_map(|item| members(api, item, only)).collect()
        }
        RefOr::T(Schema::OneOf(one)) => {
            one.items.iter().flat_map(|item| members(api, item, title(item))).collect()
        }
        RefOr::T(Schema::Object(object)) => {
            let properties = object.properties.iter();
            properties
                .map(|(name, schema)| Member {
                    name: name.clone(),
                    kind: inline(&kind(schema)),
                    text: inline(description(schema)),
                    is_required: object.required.contains(name),
                    only: only.map(str::to_owned),
                })
                .collect()
        }
        RefOr::T(_) => Vec::new(),
    }
}

fn title(schema: &RefOr<Schema>) -> Option<&str> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.title.as_deref(),
        _ => None,
    }
}

fn description(schema: &RefOr<Schema>) -> &str {
    let text = match schema {
        RefOr::Ref(reference) => Some(reference.description.as_str()),
        RefOr::T(Schema::Object(object)) => object.description.as_deref(),
        RefOr::T(Schema::Array(array)) => array.description.as_deref(),
        RefOr::T(Schema::AllOf(all)) => all.description.as_deref(),
        RefOr::T(Schema::AnyOf(any)) => any.description.as_deref(),
        RefOr::T(_) => None,
    };
    text.unwrap_or_default()
}

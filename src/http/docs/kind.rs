//! What a schema allows, in a few German words.

use utoipa::Number;
use utoipa::openapi::schema::{Array, ArrayItems, SchemaType};
use utoipa::openapi::{Object, RefOr, Schema, SchemaFormat, Type};

/// A schema in words. Names of other types stand in backticks, and so do literal values.
pub(super) fn kind(schema: &RefOr<Schema>) -> String {
    match schema {
        RefOr::Ref(reference) => format!("`{}`", name(&reference.ref_location)),
        RefOr::T(Schema::Array(array)) => list(array),
        RefOr::T(Schema::Object(object)) => value(object),
        RefOr::T(Schema::AnyOf(any)) => any.items.iter().map(kind).collect::<Vec<_>>().join(" oder "),
        RefOr::T(_) => String::new(),
    }
}

/// The name at the end of a reference.
pub(super) fn name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

fn list(array: &Array) -> String {
    match &array.items {
        ArrayItems::RefOrSchema(item) => format!("Liste aus {}", kind(item)),
        ArrayItems::False => "Liste".to_owned(),
    }
}

fn value(object: &Object) -> String {
    if let Some(words) = &object.enum_values {
        let words = words.iter().filter_map(|word| word.as_str());
        return words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" oder ");
    }
    let types = match &object.schema_type {
        SchemaType::Type(one) => std::slice::from_ref(one),
        SchemaType::Array(several) => several,
        SchemaType::AnyValue => &[],
    };
    types.iter().map(|one| of_type(one, object)).collect::<Vec<_>>().join(" oder ")
}

fn of_type(of: &Type, object: &Object) -> String {
    match of {
        Type::String => string(object),
        Type::Integer => format!("ganze Zahl{}", range(object)),
        Type::Number => "Zahl".to_owned(),
        Type::Boolean => "`true` oder `false`".to_owned(),
        Type::Object => "Objekt".to_owned(),
        Type::Array => "Liste".to_owned(),
        Type::Null => "`null`".to_owned(),
    }
}

fn string(object: &Object) -> String {
    let is_uri = matches!(&object.format, Some(SchemaFormat::Custom(format)) if format == "uri");
    let what = if is_uri { "Adresse" } else { "Zeichenkette" };
    match (object.min_length, object.max_length) {
        (Some(min), Some(max)) if min == max => format!("{what}, {max} Zeichen"),
        (_, Some(max)) => format!("{what}, höchstens {max} Zeichen"),
        _ => what.to_owned(),
    }
}

fn range(object: &Object) -> String {
    let (Some(minimum), Some(maximum)) = (&object.minimum, &object.maximum) else { return String::new() };
    // The maximum of a 32-bit integer describes the type, not a limit on the value.
    if matches!(maximum, Number::Int(most) if *most == i32::MAX as isize) {
        return format!(" ab {}", number(minimum));
    }
    format!(" von {} bis {}", number(minimum), number(maximum))
}

fn number(number: &Number) -> String {
    serde_json::to_string(number).unwrap_or_default()
}

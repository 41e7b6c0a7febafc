//! Writes down what libphonenumber knows of telephone numbers, as a table for `src/domain/phone/metadata.rs`.
//!
//! The metadata come with the `phonenumber` crate. It compiles all of their patterns as soon as one is needed, which
//! takes a fifth of a second and 8 MiB of memory; so it is only used here and in the tests.

use std::path::Path;
use std::{env, fs};

use phonenumber::metadata::{DATABASE, Descriptor, Metadata};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Calling codes have one to three digits. Of several regions with the same one, the main region is first.
    let regions = (1..=999).filter_map(|calling_code| DATABASE.by_code(&calling_code)).flatten();
    let rows: Vec<_> = regions.map(region).collect();
    let table = format!("static REGIONS: [Region; {}] = [\n{}];\n", rows.len(), rows.concat());
    let directory = env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&directory).join("phone_regions.rs"), table).expect("it can be written there");
}

fn region(region: &Metadata) -> String {
    let kinds = region.descriptors();
    let fields = [
        ("id", format!("{:?}", region.id())),
        ("calling_code", region.country_code().to_string()),
        ("national_prefix", format!("{:?}", region.national_prefix())),
        ("leading_digits", option(region.leading_digits().map(|digits| pattern(digits.as_str())))),
        ("general", pattern(kinds.general().national_number().as_str())),
        ("fixed_line", option(kinds.fixed_line().map(kind))),
        ("mobile", option(kinds.mobile().map(kind))),
        ("toll_free", option(kinds.toll_free().map(kind))),
        ("premium_rate", option(kinds.premium_rate().map(kind))),
        ("shared_cost", option(kinds.shared_cost().map(kind))),
        ("personal_number", option(kinds.personal_number().map(kind))),
        ("voip", option(kinds.voip().map(kind))),
        ("pager", option(kinds.pager().map(kind))),
        ("uan", option(kinds.uan().map(kind))),
        ("voicemail", option(kinds.voicemail().map(kind))),
    ];
    let fields = fields.map(|(name, value)| format!("{name}: {value}"));
    format!("    Region {{ {} }},\n", fields.join(", "))
}

fn kind(kind: &Descriptor) -> String {
    let pattern = pattern(kind.national_number().as_str());
    format!("Kind {{ pattern: {pattern}, lengths: &{:?} }}", kind.possible_length())
}

/// The metadata's patterns are broken into lines; white space means nothing in them.
fn pattern(source: &str) -> String {
    format!("Pattern::new({:?})", source.split_whitespace().collect::<String>())
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

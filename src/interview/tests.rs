use super::*;

#[test]
fn the_built_in_templates_keep_their_promises() {
    Interview::load(None).expect("good templates");
}

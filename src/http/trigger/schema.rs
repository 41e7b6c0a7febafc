//! A trigger as the specification describes it.

use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::field::{
    AGENT_PHONE_NUMBER_ID, APPLICANT_ID, CAMPAIGN_ID, COMPANY_NAME, FIRST_NAME, LAST_NAME, TO_NUMBER,
};
use crate::http::openapi::schemas;

/// The request body. It is not deserialised into a type: fields are read one by one,
/// so that all errors can be reported.
pub(in crate::http) struct TriggerCall;

impl ToSchema for TriggerCall {}

impl PartialSchema for TriggerCall {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property(CAMPAIGN_ID, schemas::sent_campaign_id())
            .required(CAMPAIGN_ID)
            .property(COMPANY_NAME, schemas::sent_company())
            .required(COMPANY_NAME)
            .property(FIRST_NAME, schemas::sent_name())
            .required(FIRST_NAME)
            .property(LAST_NAME, schemas::sent_name())
            .required(LAST_NAME)
            .property(TO_NUMBER, schemas::sent_number())
            .property(AGENT_PHONE_NUMBER_ID, schemas::sent_agent_phone_number_id())
            .property(APPLICANT_ID, schemas::sent_applicant_id())
            .into()
    }
}

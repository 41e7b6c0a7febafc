//! What is written about the service is what it does.

mod architecture;
mod clients;
mod docs_page;
mod shown;
mod specification;

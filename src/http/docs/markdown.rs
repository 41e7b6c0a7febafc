//! The little Markdown that the specification's texts use: paragraphs, **bold** and `code`.

/// Renders it as HTML. Everything else in the text is shown as it stands.
pub(super) fn html(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(inline);
    format!("<p>{}</p>", paragraphs.collect::<Vec<_>>().join("</p><p>"))
}

/// The same for a single line, without paragraphs.
pub(super) fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(
            |(index, part)| {
                if index % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { bold(part) }
            },
        )
        .collect()
}

fn bold(text: &str) -> String {
    let parts = text.split("**").enumerate();
    parts
        .map(
            |(index, part)| {
                if index % 2 == 1 { format!("<strong>{}</strong>", escaped(part)) } else { escaped(part) }
            },
        )
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_bold_and_code_become_html_and_the_rest_is_escaped() {
        let text = "Ein **fettes** Wort.\n\n`\"a\" < **b**` & <script>";
        assert_eq!(
            html(text),
            "<p>Ein <strong>fettes</strong> Wort.</p>\
             <p><code>&quot;a&quot; &lt; **b**</code> &amp; &lt;script&gt;</p>"
        );
    }
}

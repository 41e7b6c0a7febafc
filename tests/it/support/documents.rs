//! The fenced blocks and tables of the documents.

/// A document in the repository.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document(&'static str);

pub(crate) const README: Document = Document(include_str!("../../../README.md"));
pub(crate) const API: Document = Document(include_str!("../../../docs/api.md"));

impl Document {
    /// The text of every block in this language, without the block's own indentation.
    pub(crate) fn blocks(self, language: &str) -> Vec<String> {
        let fence = format!("```{language}");
        let mut blocks = Vec::new();
        let mut lines = self.0.lines();
        while let Some(line) = lines.next() {
            if line.trim() != fence {
                continue;
            }
            let indentation = line.len() - line.trim_start().len();
            let block = lines.by_ref().take_while(|line| line.trim() != "```");
            blocks.push(
                block.map(|line| line.get(indentation..).unwrap_or_default().to_owned() + "\n").collect(),
            );
        }
        blocks
    }

    /// The only block in this language.
    pub(crate) fn block(self, language: &str) -> String {
        let [block] = self.blocks(language).try_into().expect("one block");
        block
    }

    /// The cells of every row of every table.
    pub(crate) fn rows(self) -> Vec<Vec<&'static str>> {
        let rows = self.0.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
        rows.map(|row| row.split('|').map(str::trim).collect()).collect()
    }
}

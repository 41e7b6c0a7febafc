//! The kind of connection a number belongs to, as far as its digits tell.

/// The kind of a number, by libphonenumber's metadata. Kinds that are never dialled are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// A landline.
    FixedLine,
    /// A mobile phone.
    Mobile,
    /// Landline or mobile: some countries' numbers do not tell which, as in North America.
    FixedLineOrMobile,
    /// Free of charge for the caller (0800). It is a company's number and hardly a candidate's.
    TollFree,
    /// A number that stays with its owner (0700).
    Personal,
    /// A connection over the internet (032).
    Voip,
    /// A pager.
    Pager,
    /// A universal access number: one for a whole company.
    Uan,
    /// Somebody's mailbox.
    Voicemail,
    /// In no range that is in use: the length is right, but a digit is most likely wrong.
    Unknown,
}

impl NumberKind {
    /// A stable word for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FixedLine => "fixed_line",
            Self::Mobile => "mobile",
            Self::FixedLineOrMobile => "fixed_line_or_mobile",
            Self::TollFree => "toll_free",
            Self::Personal => "personal",
            Self::Voip => "voip",
            Self::Pager => "pager",
            Self::Uan => "uan",
            Self::Voicemail => "voicemail",
            Self::Unknown => "unknown",
        }
    }
}

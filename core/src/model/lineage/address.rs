//! Addresses of parameters and observables: `lambda`, or `lambda@1` where one of several is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What has a name and a symbol, and what a lineage may have several of.
pub trait Named: Copy {
    /// What is said of a text that names none.
    type Error: fmt::Display;

    /// Its name.
    fn name(self) -> &'static str;

    /// Its symbol in the paper.
    fn symbol(self) -> &'static str;

    /// That of a text, which is a name and perhaps a number behind it.
    ///
    /// # Errors
    /// The text names none.
    fn address(text: &str, name: &str, number: Option<&str>) -> Result<Address<Self>, Self::Error>;
}

/// A name, and the number of the stage or data set that is meant where one is given.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "K: Named")]
pub struct Address<K> {
    /// What is named.
    pub kind: K,
    /// The number that is written behind the name, from 1.
    pub(super) number: Option<usize>,
}

impl<K: Named> Address<K> {
    /// Its name without the number.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.kind.name()
    }

    /// Its symbol, with the number as an index where one is given.
    #[must_use]
    pub fn symbol(self) -> String {
        let symbol = self.kind.symbol();
        self.number.map_or(symbol.to_owned(), |number| format!("{symbol}_{number}"))
    }
}

impl<K: Named> PartialEq for Address<K> {
    fn eq(&self, other: &Self) -> bool {
        (self.name(), self.number) == (other.name(), other.number)
    }
}

impl<K: Named> Eq for Address<K> {}

impl<K: Named> fmt::Display for Address<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.number.map_or(Ok(()), |number| write!(f, "@{number}"))
    }
}

impl<K: Named> FromStr for Address<K> {
    type Err = K::Error;

    fn from_str(text: &str) -> Result<Self, K::Error> {
        match text.split_once('@') {
            None => K::address(text, text, None),
            Some((name, number)) => K::address(text, name, Some(number)),
        }
    }
}

impl<K: Named> TryFrom<String> for Address<K> {
    type Error = K::Error;

    fn try_from(text: String) -> Result<Self, K::Error> {
        text.parse()
    }
}

impl<K: Named> From<Address<K>> for String {
    fn from(address: Address<K>) -> Self {
        address.to_string()
    }
}

//! What e-mails have besides their words.

use crate::model::{Body, Correspondent, Delivery, Mail, Quoted};

/// One of a customer's, with somebody in Cc and what it quotes.
pub fn received() -> Mail {
    let quoted = "> The new connection is there. Could you try it?";
    Mail {
        from: Some(named("Priya Raman", "priya@northwind.example")),
        to: Some(Correspondent::Support("Support".to_owned())),
        cc: vec![
            named("Ines Marchetti", "ines@northwind.example"),
            Correspondent::Named {
                name: None,
                address: "night-crew@northwind.example".to_owned(),
            },
        ],
        delivery: None,
        quoted: Some(Quoted::Here(Box::new(Body::Markdown(quoted.to_owned())))),
    }
}

/// One of the support team's that did not reach everybody.
pub fn bounced() -> Mail {
    Mail {
        from: Some(Correspondent::Support("Theo".to_owned())),
        to: Some(named("Priya Raman", "priya@northwind.example")),
        delivery: Some(Delivery::Bounced),
        quoted: Some(Quoted::NotLoaded),
        ..Mail::default()
    }
}

fn named(name: &str, address: &str) -> Correspondent {
    Correspondent::Named {
        name: Some(name.to_owned()),
        address: address.to_owned(),
    }
}

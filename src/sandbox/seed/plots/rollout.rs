//! The long one: Northwind's roll-out, site by site, in a single chat of more than 120 messages.

use crate::sandbox::{
    enums::ThreadChannel::Chat,
    seed::plot::{Beat, DAY, HOUR, Plot},
};

/// A site: its name, the number of assets, what was odd about it, and what came of that.
type Site = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const SITES: &[Site] = &[
    ("Brack Lane", "23", "two boilers have the same serial number", "One is a typo, the plate says 4471-B. Corrected."),
    ("Harbour House", "118", "the lift lobby is listed on floor 13, and there is no floor 13", "Moved it to 12A. Superstitious architects."),
    ("Quayside 4", "41", "no contact for access", "The porter is Mr Obi, mornings only. I added him with his hours."),
    ("St Giles Court", "67", "all assets say \"unknown\" as their make", "That column was empty in your sheet. Import it again with column H and they fill in."),
    ("The Foundry", "92", "three floors have no plan", "Send me the PDFs when you have them, technicians can work without."),
    ("Mill Street 9", "15", "the address is in the river, according to the map", "Dragged the pin to the front door. They can leave the boat at home."),
    ("Castle Gate", "54", "twelve assets are marked as removed", "Kept them out. They stay in the history, if somebody asks."),
    ("Orchard Park", "31", "the fire doors have no interval", "Set to six months, as in your contract. Shout if that's wrong."),
    ("Albion Works", "77", "its calendar runs on Irish time", "Changed to London. That one had cost me an hour already."),
    ("Tanner Row", "19", "nothing, it went straight in", "The best kind. On to the next."),
    ("Victoria Exchange", "143", "the file has two header lines", "Removed the second. 143 of 143 in."),
    ("Holgate Depot", "28", "vans are in it as well as rooms", "Moved the six vans to *Vehicles*, where they get their own checks."),
    ("Minster Yard", "36", "the alarm code was in the notes", "Took it out and put it into the access vault, please change it all the same."),
    ("Foss Bank", "49", "air filters are counted per box", "Recounted per piece: 49 became 52. You are welcome to check my sums."),
    ("Skeldergate", "22", "two sites share that name", "Renamed to *Skeldergate North*. The other one is the car park."),
    ("Layerthorpe", "63", "photos are missing for half of it", "They are in the second ZIP. Uploading overnight, they are big."),
    ("Clifton Moor", "88", "the client wants weekly instead of monthly reports", "Weekly, Fridays at 16:00, to her and you."),
    ("Poppleton", "12", "nobody answers the phone there", "Then e-mail only. I marked it so that crews don't wait for a call."),
    ("Huntington House", "71", "the cleaning plan is from 2019", "I left it as a draft. Ines should look before it goes live."),
    ("Askham Gate", "25", "one technician is not certified for it", "The planner skips him there now, and says why."),
];

/// A message: minutes after the beginning, whether the agent writes it, and its text.
pub type Turn = (u32, bool, String);

/// The messages, written out of the sites: six for each.
pub fn turns() -> Vec<Turn> {
    let opening = "Here we go: twenty sites to move over before winter. I suggest one chat for all of it, one site after the other, and we shout when something is odd. First file is uploaded.";
    let mut turns = vec![(0, false, opening.to_owned())];
    for (number, (name, assets, odd, fix)) in (0u32..).zip(SITES) {
        let left = SITES.len() as u32 - number - 1;
        let said = [
            (false, format!("Next is **{name}**, {assets} assets. The file is in the usual folder.")),
            (true, format!("Thanks, reading {name} now.")),
            (true, format!("{name}: {assets} rows read. One odd thing: {odd}.")),
            (false, OPINIONS[number as usize % OPINIONS.len()].to_owned()),
            (true, (*fix).to_owned()),
            (false, match left {
                0 => "And that was the last one. Twenty sites, four weeks, and nobody stood in front of a closed door. Thank you, Sam!".to_owned(),
                1 => "Done. One to go!".to_owned(),
                left => format!("{name} looks good on my side. {left} to go."),
            }),
        ];
        // A site takes a working day; its messages are some minutes apart, and not always the same.
        let mut at = number * SITE_TIME + 30;
        for (turn, (agent, text)) in (0u32..).zip(said) {
            at += 3 + (number * 7 + turn * 5) % 11;
            turns.push((at, agent, text));
        }
    }
    turns
}

/// The messages as beats.
pub fn beats(turns: &[Turn]) -> Vec<(u32, Beat<'_>)> {
    turns
        .iter()
        .map(|(at, agent, text)| match agent {
            true => (*at, Beat::Answers("sam", text)),
            false => (*at, Beat::Says("tom", text)),
        })
        .collect()
}

/// The plot around the beats.
pub fn plot<'a>(beats: &'a [(u32, Beat<'a>)]) -> Plot<'a> {
    Plot {
        ago: SITES.len() as u32 * SITE_TIME + 9 * HOUR,
        who: "tom",
        tenant: Some("acct_northwind"),
        channel: Chat,
        title: "Moving twenty sites to Fieldnote",
        beats,
    }
}

/// Minutes from one site to the next.
const SITE_TIME: u32 = DAY - HOUR;

/// What Tom says to odd things.
const OPINIONS: &[&str] = &[
    "Hm. What do you suggest?",
    "Oh dear. I know who typed that. Can you fix it?",
    "That has been wrong since before my time. Please sort it out as you see fit.",
    "Let me ask… no, nobody knows. Your call.",
    "Really? All right, what can we do about it?",
    "I was afraid of that one.",
    "Ha. Yes, please tidy that up.",
];

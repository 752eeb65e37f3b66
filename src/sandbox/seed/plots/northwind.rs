//! Northwind Facilities: cleaning and maintenance of offices, two hundred technicians.

use crate::sandbox::{
    enums::ThreadChannel::{Api, Chat, Email},
    seed::plot::{Beat::*, DAY, Extras, HOUR, Plot},
};

const TENANT: Option<&str> = Some("acct_northwind");

#[rustfmt::skip]
pub const PLOTS: &[Plot] = &[
    Plot {
        ago: 42, who: "ines", tenant: TENANT, channel: Api, title: "Night crew cannot see tomorrow's route",
        beats: &[
            (0, Form(r#"Since today the night crew in **Leeds** opens the app and gets "No route for today". The route is there when I look at it in the planner:

- 9 stops, first at 21:30
- published yesterday at 16:05 by me
- all four technicians are assigned

The Sheffield crew sees theirs. Could it be the change of time zone on the depot? We moved it from *Europe/Dublin* to *Europe/London* on Friday."#,
                &[("Area", "Mobile app"), ("Urgency", "Work has stopped"), ("Technicians concerned", "4")])),
            (9, Takes("sam")),
            (10, Priority("sam", 0)),
            (14, Notes("sam", "Depot 118 has routes keyed by the old zone's midnight. Same thing as FN-2291, the migration job skipped depots that changed zone on a Friday. Do not promise a date yet.")),
        ],
    },
    Plot {
        ago: 2 * DAY + 3 * HOUR, who: "priya", tenant: TENANT, channel: Email, title: "SSO: two technicians land in an empty workspace",
        beats: &[
            (0, Mail("priya", r#"Hello,

we switched the second half of our technicians to single sign-on yesterday. Two of them (Okafor and Lindqvist) sign in fine but land in an **empty** workspace with no jobs.

What I see in our identity provider:

| Attribute | works | does not |
|---|---|---|
| NameID format | `persistent` | `persistent` |
| `department` | Facilities | *not set* |
| Group | fn-technicians | fn-technicians |

So the only difference is the missing department. Does Fieldnote use it to choose the workspace? If so we can set it, I would just like to know before I touch the directory.

Thanks, Priya"#, Extras { cc: &[("Ines Marchetti", "ines.marchetti@northwind-facilities.example"), ("Northwind service desk", "servicedesk@northwind-facilities.example")], bcc: &[("Legal archive", "legal-hold@northwind-facilities.example")], ..Extras::NONE })),
            (35, Takes("theo")),
            (48, Answers("theo", r#"Hi Priya,

thank you, the table saved us an hour. Yes: with SSO the workspace is chosen by `department`, and a person without one gets a new, empty workspace. That is documented nowhere that you could have found it, which is our mistake.

Could you

1. set `department` to `Facilities` for both,
2. ask them to sign out and in once?

I will merge the two empty workspaces away once they are in."#)),
            (49, Waits("theo")),
        ],
    },
    Plot {
        ago: 5 * DAY, who: "tom", tenant: TENANT, channel: Chat, title: "Swap two stops without notifying the customer?",
        beats: &[
            (0, Says("tom", "Quick one: if I swap two stops in a published route, does the building manager get a new e-mail each time? Harbour House got five yesterday and rang me about it 😅")),
            (4, Answers("sam", "Ouch, sorry to them! Yes, by default each change of the arrival window sends one. You can hold them back: open the route, **⋯ → Edit quietly**, move what you like, then *Publish changes* once. One e-mail per building, with the final time.")),
            (7, Says("tom", "Didn't know that was there. Does it also work on the tablet?")),
            (9, Answers("sam", "On the tablet from version 8.4. Yours are on 8.3, so from Thursday's update on.")),
            (11, Says("tom", "Perfect, thank you")),
            (13, Closes("sam")),
        ],
    },
    Plot {
        ago: 6 * DAY + 5 * HOUR, who: "ines", tenant: TENANT, channel: Api, title: "Export of completed visits stops at 10,000 rows",
        beats: &[
            (0, Form(r#"The CSV export of completed visits for the quarter has exactly **10,000** rows. The dashboard says 14,212. There is no message that something was cut off, our finance team only found out because the quarter looked too good.

Is there a limit, and can we get the missing rows before the board meeting?"#,
                &[("Area", "Reports"), ("Urgency", "Slows us down"), ("Report", "Completed visits, Q3")])),
            (50, Labels("theo", &["Bug"])),
            (61, Answers("theo", r#"Hi Ines, you are right, and the silence is the worst part of it. Files made in the browser end at 10,000 rows.

Until that is fixed you can have the file made on our side:

> **Reports → Completed visits → Export → Send by e-mail**

That one has no limit. I have started it for you for the whole quarter; it should reach you within ten minutes."#)),
            (80, Says("ines", "Got it, 14,212 rows. Thank you! Please do put a warning in that dialog.")),
            (95, Answers("theo", "It goes out with next Tuesday's release: a warning above 10,000 rows, with a button that sends the whole file by e-mail. I will write here when it is live.")),
            (96, Sleeps("theo", 24 * 8)),
        ],
    },
    Plot {
        ago: 8 * DAY + 2 * HOUR, who: "priya", tenant: TENANT, channel: Api, title: "Audit log: who deleted job templates?",
        beats: &[
            (0, Form(r#"Four job templates disappeared between Monday evening and Tuesday morning (`HVAC-quarterly`, `HVAC-annual`, `Lift-lobby`, `Window-3F`). I cannot find the deletion in the audit log: it starts at Tuesday 00:00.

How far back does the log go on our plan?"#, &[("Area", "Administration"), ("Urgency", "Slows us down")])),
            (3 * HOUR, Answers("sam", r#"Hi Priya, the log keeps 13 months on your plan. What you see is the time filter, which starts at **today** in UTC when it is opened from the alerts page.

The entries are there. All four were archived, not deleted, by an import with the option *archive what is not in the file*, at 18:42 on Monday. Nothing is lost: **Templates → Archived → Restore**."#)),
            (4 * HOUR, Says("priya", "Restored all four. I know which import that was (mine…). Could you make that option less eager? It is ticked by default.")),
            (5 * HOUR, Answers("sam", "Passed on with your words. It will no longer be ticked by default from version 8.5.")),
            (5 * HOUR + 1, Closes("sam")),
        ],
    },
    Plot {
        ago: 11 * DAY, who: "lena", tenant: TENANT, channel: Email, title: "Travel times after the new ring road",
        beats: &[
            (0, Mail("lena", r#"Hello,

I plan the routes for Northwind's southern region. Since the A61 bypass opened, the optimiser still sends crews through the town centre. For the nine jobs last Wednesday:

- planned driving time: **3 h 40 min**
- actual: **2 h 25 min**

How often is the map data updated, and can I force it for one region?

Lena"#, Extras { files: &[("wednesday-south.pdf", 248_113, "application/pdf"), ("through-the-town.png", 1_669, "image/png")], ..Extras::NONE })),
            (6 * HOUR, Answers("theo", "Hi Lena, map data comes in on the first of each month; the bypass is in the coming one. I cannot pull a single region forward, but there is a handy workaround: draw the old road as a *slow zone* (factor 1.6) and the optimiser will avoid the town centre today.")),
            (7 * HOUR, Says("lena", "The slow zone does it, 2 h 31 min planned for tomorrow. I will take it out again on the second.")),
            (8 * HOUR, Closes("theo")),
        ],
    },
    Plot {
        ago: 13 * DAY + HOUR, who: "tom", tenant: TENANT, channel: Chat, title: "Photos from Harbour House are upside down",
        beats: &[
            (0, Says("tom", "All photos from Harbour House are upside down in the report. On the tablet they look right.")),
            (15, Answers("sam", "That sounds like the orientation flag getting lost. Which tablet model is it, and does it also happen with a photo taken in landscape?")),
            (17, Waits("sam")),
            (40, Says("tom", "Tab Active 4. Landscape is fine! Only when they hold it with the button at the top.")),
            (52, Answers("sam", "Got it, I can see it on ours as well. Fixed in 8.3.2, which is rolling out now; photos that are already there will be turned overnight.")),
            (2 * DAY, Says("tom", "All the right way up this morning. The client thanks you, his neck too.")),
            (2 * DAY + 5, Closes("sam")),
        ],
    },
    Plot {
        ago: 15 * DAY, who: "ines", tenant: TENANT, channel: Api, title: "Invoice 2026-1184 lists 12 seats too many",
        beats: &[
            (0, Form(r#"The latest invoice has **214** technician seats. We have 202. I think the twelve seasonal workers who left at the end of the month are still counted, although they are deactivated.

Could you check and send a corrected invoice? Our payment run is on the 28th."#, &[("Area", "Billing"), ("Urgency", "A question"), ("Invoice", "2026-1184")])),
            (2 * HOUR, Labels("sam", &["Billing", "Churn risk"])),
            (2 * HOUR + 2, Notes("sam", "Renewal is in two months, 202 seats at the old price. Offer the credit right away, no discussion about the notice period.")),
            (3 * HOUR, Answers("sam", "Hi Ines, you are right: deactivated on the last day at 18:00, and the count ran at noon. The corrected invoice **2026-1184-B** with 202 seats is in your billing area, and the old one is cancelled. Nothing to do on your side.")),
            (4 * HOUR, Says("ines", "That was quick. Thank you, approved.")),
            (4 * HOUR + 10, Closes("sam")),
        ],
    },
    Plot {
        ago: 19 * DAY, who: "priya", tenant: TENANT, channel: Email, title: "Allow list for the new offices",
        beats: &[
            (0, Says("priya", r#"Hi all,

we open two offices on Monday. Please add these ranges to our allow list:

```text
203.0.113.16/28    Bristol
198.51.100.64/27   Cardiff
```

The old Reading range (`192.0.2.0/28`) can go at the end of the month.

Priya"#)),
            (90, Answers("theo", "Done for Bristol and Cardiff. Since spring you can change this list yourself under **Administration → Network**, with a test button that warns you before you lock yourself out. I have left Reading in: one session came from there an hour ago.")),
            (5 * HOUR, Says("priya", "That will be the printer room. I'll remove it myself when they have moved, thanks for looking.")),
            (4 * DAY, Expires),
        ],
    },
    Plot {
        ago: 23 * DAY, who: "tom", tenant: TENANT, channel: Api, title: "Can a technician have two depots?",
        beats: &[
            (0, Form("Marta starts in Leeds on Mondays and in York for the rest of the week. At the moment I change her depot by hand twice a week and forget it every other time. Is there a better way?", &[("Area", "Planning"), ("Urgency", "A question")])),
            (HOUR, Answers("sam", r#"Hi Tom! There is: **People → Marta → Start points**. You can give each weekday its own:

1. *Monday*: Leeds
2. *Tuesday to Friday*: York

The optimiser takes it into account from the next plan on."#)),
            (DAY, Says("tom", "Set up, works. Two fewer things to forget.")),
            (DAY + 8, Closes("sam")),
        ],
    },
    Plot {
        ago: 27 * DAY, who: "ines", tenant: TENANT, channel: Email, title: "Printed job sheets lose the last line",
        beats: &[
            (0, Says("ines", "When we print job sheets on A4, the last line (the signature!) moves to a second page. It began with last week's update. We print about 150 sheets a day, so that is 150 nearly empty pages.")),
            (40, Answers("theo", "Hi Ines, that was our new footer, four millimetres too tall. It is smaller again since 11:20; reload the page and the signature is back where it belongs. Sorry about the paper.")),
            (3 * HOUR, Says("ines", "One page again. Thank you!")),
            (3 * HOUR + 4, Closes("theo")),
        ],
    },
];

//! Halden Lifts: lift maintenance, with an integration of its own.

use crate::sandbox::{
    enums::ThreadChannel::{Api, Chat, Email, Slack},
    seed::plot::{Beat::*, DAY, Extras, HOUR, Plot},
};

const TENANT: Option<&str> = Some("acct_halden");

#[rustfmt::skip]
pub const PLOTS: &[Plot] = &[
    Plot {
        ago: 3 * HOUR, who: "rafael", tenant: TENANT, channel: Api, title: "visit.completed webhook sends duration as a string",
        beats: &[
            (0, Form(r#"For about an hour now the `visit.completed` webhook has had `duration` as a string. Our import refuses the whole batch. An example:

```json
{
  "id": "evt_8Qm2v",
  "type": "visit.completed",
  "visit": {
    "id": "vis_51730",
    "lift": "HL-2207",
    "duration": "5400",
    "parts": [{ "sku": "GUIDE-SHOE-12", "quantity": 4 }]
  }
}
```

Yesterday it was `"duration": 5400`. Is this on purpose? Your changelog says nothing."#,
                &[("Area", "API and webhooks"), ("Urgency", "Work has stopped"), ("Environment", "Production")])),
            (6, Takes("theo")),
            (7, Priority("theo", 0)),
            (8, Labels("theo", &["Bug", "Integration"])),
            (22, Answers("theo", "Hi Rafael, not on purpose. A new serialiser went out an hour ago and turned all 64-bit numbers into strings. We are rolling it back now. **Failed deliveries are kept for 72 hours**; I will replay them once the rollback is through, so you need not do anything with the refused batch.")),
            (58, Says("rafael", "OK. Please replay them in order if you can, our import closes a visit when the last part arrives.")),
            (95, Answers("theo", "Rollback finished. 214 deliveries are being replayed in their order, oldest first, one at a time. You should be up to date in about twenty minutes.")),
            (100, Event("Replay finished", "214 of 214 deliveries accepted by `hooks.haldenlifts.example`.")),
            (118, Says("rafael", "All 214 in, none refused. Could you send me the post-mortem when there is one? My boss will ask.")),
        ],
    },
    Plot {
        ago: DAY + 4 * HOUR, who: "oda", tenant: TENANT, channel: Chat, title: "Emergency jobs should ring, not hum",
        beats: &[
            (0, Says("oda", "Hei! Someone was stuck in a lift last night and our man on duty didn't hear the phone. The emergency job came as a normal notification, just a hum. Can it ring like a call?")),
            (6, Answers("sam", "Hei Oda, I'm glad you wrote. Is everybody all right?")),
            (8, Says("oda", "Yes! 25 minutes, an elderly gentleman with a book. He was calmer than I was.")),
            (12, Answers("sam", r#"Good. Here is how to make them ring:

- **Settings → Alerts → Emergency**: switch on *Critical alert*. It rings in silent mode too.
- Each phone asks once for permission. It has to be allowed *there*, I cannot do that for you.
- Under *Escalation* set a second person after 5 minutes.

Shall I stay while you try it with one phone?"#)),
            (21, Says("oda", "Tried with Jonas' phone. It rang so loudly that the dog left the room. I do the other six today.")),
            (25, Answers("sam", "That's the one! I leave this open until you tell me that all seven ring.")),
            (26, Waits("sam")),
        ],
    },
    Plot {
        ago: 3 * DAY + 2 * HOUR, who: "magnus", tenant: TENANT, channel: Email, title: "Data processing agreement, version 4",
        beats: &[
            (0, Mail("magnus", r#"Hello,

our data protection officer asks for two changes in section 6 of the agreement before we sign:

1. sub-processors are announced **30** days ahead instead of 14,
2. backups are deleted after 60 days, as in your own security paper.

The marked-up version is attached. Who should I talk to?

Best regards
Magnus Lie"#, Extras { cc: &[("Halden data protection", "dpo@haldenlifts.example")], bcc: &[("Board secretary", "board@haldenlifts.example")], files: &[("DPA-v4-halden-comments.docx", 91_440, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")], ..Extras::NONE })),
            (2 * HOUR, Takes("sam")),
            (2 * HOUR + 5, Answers("sam", "Hello Magnus, you have the right person, I take it to our lawyers. Point 2 is only an oversight, you will get that. For point 1 I will have an answer by Thursday.")),
            (2 * HOUR + 6, Notes("sam", "Legal gave 30 days to two other customers already. Fine to accept, but wait for the signed OK from Nadia.")),
            (2 * HOUR + 7, Sleeps("sam", 96)),
        ],
    },
    Plot {
        ago: 4 * DAY + 6 * HOUR, who: "rafael", tenant: TENANT, channel: Slack, title: "Rate limit on /v2/lifts",
        beats: &[
            (0, Says("rafael", "hey, we get 429 on `/v2/lifts` every night at 02:00 since we added the Bergen sites. the import does ~900 requests in two minutes")),
            (11, Answers("theo", "Morning! The limit is 300 per minute. You can do that import in one request though: `GET /v2/lifts?updated_since=…&page_size=1000`. Want an example?")),
            (13, Says("rafael", "yes please")),
            (16, Answers("theo", r#"```sh
curl -s "https://api.fieldnote.example/v2/lifts?updated_since=2026-01-01T00:00:00Z&page_size=1000" \
  -H "Authorization: Bearer $FIELDNOTE_TOKEN" \
  -H "Accept: application/json"
```
Only what has changed, and `next` in the answer is the whole URL of the next page."#)),
            (DAY, Says("rafael", "7 requests last night instead of 900 🎉 thanks")),
            (DAY + 20, Closes("theo")),
        ],
    },
    Plot {
        ago: 6 * DAY, who: "magnus", tenant: TENANT, channel: Api, title: "Inspection report in Norwegian",
        beats: &[
            (0, Form(r#"From next year the authority accepts the annual inspection report only in Norwegian. The labels in your PDF are English. Is a translation planned? If we can supply one ourselves, I have somebody who would do it in a day."#, &[("Area", "Reports"), ("Urgency", "A question"), ("Report", "Annual inspection")])),
            (5 * HOUR, Answers("sam", "Hello Magnus, Bokmål is coming in the next big release, and we would be very glad if somebody from the trade read it before. May I send your colleague the list of 140 terms?")),
            (7 * HOUR, Says("magnus", "Please do: Oda reads it. She is merciless about *sikkerhetsgir*.")),
            (DAY, Answers("sam", "Merciless is what we need. The list is with Oda.")),
        ],
    },
    Plot {
        ago: 9 * DAY, who: "rafael", tenant: TENANT, channel: Email, title: "Crash in the Java client when a lift has no shaft",
        beats: &[
            (0, Mail("rafael", r#"Hi,

version 3.2.0 of the Java client throws when a lift has no `shaft` (our dumb waiters have none):

```text
java.lang.NullPointerException: Cannot invoke "Shaft.floors()" because "shaft" is null
	at example.fieldnote.client.LiftMapper.toLift(LiftMapper.java:88)
	at example.fieldnote.client.LiftMapper.toPage(LiftMapper.java:41)
	at example.fieldnote.client.Lifts.list(Lifts.java:112)
	at no.halden.sync.NightlyImport.run(NightlyImport.java:57)
```

In 3.1 it was an empty list. I can send a pull request if you tell me which of the two you want.

Rafael"#, Extras { files: &[("nightly-import.log", 40_211, "text/plain")], ..Extras::NONE })),
            (3 * HOUR, Answers("theo", "Hi Rafael, an empty list, as before: a missing shaft is no error. A pull request would be lovely. If you would rather have it today: 3.2.1 with a fix is building as I write.")),
            (5 * HOUR, Mail("rafael", "3.2.1 works. I add a test for dumb waiters anyway, so that it stays that way.", Extras { quoted: Some("> On Tuesday Theo wrote:\n>\n> Hi Rafael, an empty list, as before: a missing shaft is no error. A pull request would be\n> lovely. If you would rather have it today: 3.2.1 with a fix is building as I write."), ..Extras::NONE })),
            (6 * HOUR, Answers("theo", "Merged. Thank you, that was a pleasure.")),
            (6 * HOUR + 1, Closes("theo")),
        ],
    },
    Plot {
        ago: 12 * DAY, who: "oda", tenant: TENANT, channel: Chat, title: "Calendar starts on Sunday",
        beats: &[
            (0, Says("oda", "Since today my calendar starts on Sunday. I'm in Norway, weeks start on Monday here, as they should 🙂")),
            (5, Answers("theo", "They should! Your profile has English (US) as its language since this morning. **Profile → Language → English (UK)**, or Norsk, brings Monday back.")),
            (7, Says("oda", "Ha, that was my son playing with my laptop. Monday is back, tusen takk.")),
            (8, Closes("theo")),
        ],
    },
    Plot {
        ago: 17 * DAY, who: "magnus", tenant: TENANT, channel: Email, title: "Planned work on Saturday night",
        beats: &[
            (0, Says("magnus", "Your status page announces planned work for Saturday night, 01:00 to 03:00. That is when our night shift writes its reports for the hospital lifts. Can they work offline during that time, and what happens to entries that both sides changed?")),
            (HOUR, Answers("sam", r#"Hello Magnus, yes: the app works offline as long as it was opened once that evening. Afterwards

- new entries are simply sent,
- where two people changed the same field, the **later** one stays and the earlier one is kept in the history.

Only attaching *files from the office* will not work in those two hours."#)),
            (5 * DAY, Says("magnus", "The night went well, nobody noticed. That is the highest praise our night shift has.")),
            (5 * DAY + 30, Closes("sam")),
        ],
    },
    Plot {
        ago: 21 * DAY, who: "oda", tenant: TENANT, channel: Api, title: "Merge two lifts that are the same lift",
        beats: &[
            (0, Form("`HL-0871` and `HL-1871` are the same lift (a typo from 2023). Both have visits. Can you merge them so that all visits are under `HL-0871`?", &[("Area", "Data"), ("Urgency", "A question")])),
            (2 * HOUR, Answers("theo", "Hi Oda, I can. 31 visits would move to `HL-0871`, and the other lift would be archived. It cannot be undone, so I would like a yes from you first.")),
            (2 * HOUR + 1, Waits("theo")),
            (6 * HOUR, Says("oda", "Yes!")),
            (7 * HOUR, Answers("theo", "Merged: 58 visits, one lift.")),
            (7 * HOUR + 1, Closes("theo")),
        ],
    },
    Plot {
        ago: 26 * DAY, who: "rafael", tenant: TENANT, channel: Slack, title: "Webhook secret rotation",
        beats: &[
            (0, Says("rafael", "can we rotate the webhook secret without losing events? I'd rather not do it at 3 am")),
            (30, Answers("theo", "You can do it at lunch: *Add second secret*, deploy with both, then *Retire first*. While there are two, each delivery is signed with both.")),
            (DAY, Says("rafael", "done at 12:40 with a sandwich in hand")),
            (3 * DAY, Expires),
        ],
    },
];

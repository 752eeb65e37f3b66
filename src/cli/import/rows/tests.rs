#![allow(clippy::unwrap_used)]
use std::path::PathBuf;

use super::*;

fn file(folder: &tempfile::TempDir, text: &[u8]) -> PathBuf {
    let path = folder.path().join("customers");
    std::fs::write(&path, text).unwrap();
    path
}

/// All rows of a file: each line's number, and the label or what is wrong.
fn rows(text: &[u8]) -> Vec<(u64, Result<Entry, String>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut received = Rows::open(&file(&folder, text)).unwrap().start(1);
    let mut rows = Vec::new();
    while let Some(row) = received.blocking_recv() {
        rows.push((row.line, row.entry));
    }
    rows
}

fn refused(text: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    Rows::open(&file(&folder, text)).err().unwrap().to_string()
}

#[test]
fn csv_is_read_as_spreadsheets_write_it() {
    let text = b"\xef\xbb\xbfExternal_ID,email,Email_Verified,name,short_name,groups,tenants\r\n\
        u1,ada@example.com,TRUE,\"Lovelace, Ada\",,beta; gold,acme;halden=Halden Ltd\r\n\
        ,bob@example.com,,\"Bob\r\n\"\"B\"\"\",B,,\r\n\
        u3,eve@example.com,maybe,Eve,,,\r\n\
        u4,mia@example.com,false\r\n\
        u5,\xff,true,x,,,\r\n\
        u6,zoe@example.com,true,Zoe,,,\r\n";
    let rows = rows(text);
    let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 5, 6, 7, 8]);
    let ada = rows[0].1.as_ref().unwrap();
    assert_eq!(ada.name, "Lovelace, Ada");
    assert_eq!((ada.email_verified, &ada.short_name), (Some(true), &None));
    assert_eq!(ada.groups(), ["beta", "gold"]);
    let tenants: Vec<&str> = ada.tenants().iter().map(|it| it.external_id()).collect();
    assert_eq!(tenants, ["acme", "halden"]);
    let bob = rows[1].1.as_ref().unwrap();
    assert_eq!(bob.name, "Bob\r\n\"B\"");
    assert_eq!((bob.label(), bob.email_verified), ("bob@example.com", None));
    assert_eq!(bob.tenants, Some(vec![]));
    for (place, problem) in [(2, "maybe"), (3, "3 cells"), (4, "UTF-8")] {
        let told = rows[place].1.as_ref().unwrap_err();
        assert!(told.contains(problem), "{told}");
    }
    assert!(rows[5].1.is_ok());
}

#[test]
fn a_header_is_held_against_what_is_known() {
    let told = refused(b"email,nam,x-1\na@example.com,A,1\n");
    assert!(
        told.contains("nam, x-1") && told.contains("lacks name"),
        "{told}"
    );
    let told = refused(b"email,name,Email\n");
    assert!(told.contains("email twice"), "{told}");
    assert!(refused(b" \n").contains("empty"));
}

#[test]
fn ndjson_is_read_line_by_line() {
    let text = br#"{"email": "ada@example.com", "name": "Ada", "tenants": ["acme", {"external_id": "h", "name": "H"}], "email_verified": true}

{"email": "bob@example.com", "name": "Bob", "team": "x"}
{"email": "eve@example.com"
{"email": "mia@example.com", "name": "Mia"}"#;
    let rows = rows(text);
    let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 4, 5]);
    let ada = rows[0].1.as_ref().unwrap();
    assert_eq!(ada.tenants()[1].external_id(), "h");
    assert!(rows[1].1.as_ref().unwrap_err().contains("team"));
    assert!(rows[2].1.is_err());
    assert_eq!(rows[3].1.as_ref().unwrap().tenants, None);
}

#[test]
fn a_customer_has_one_row() {
    let text = b"external_id,email,name\nu1,ada@example.com,Ada\nu1,a@example.com,Ada\nu2,ADA@example.com,Ada\nu3,bob@example.com,Bob\nu2,a@example.com,Eve\n";
    let rows = rows(text);
    assert!(rows[0].1.is_ok() && rows[3].1.is_ok());
    assert!(rows[4].1.is_ok(), "rows that were refused hold nothing");
    assert_eq!(
        rows[1].1.as_ref().unwrap_err(),
        "external_id: stands in line 2 already"
    );
    assert_eq!(
        rows[2].1.as_ref().unwrap_err(),
        "email: stands in line 2 already"
    );
}

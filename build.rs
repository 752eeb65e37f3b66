//! Gives cynic the description of the part of Plain's schema that the client uses, so that every operation is checked when we compile.
//! Compiles again when a migration is added: they are part of the program.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/plain/schema.graphql");
    println!("cargo::rerun-if-changed=migrations");
    if std::env::var_os("CARGO_FEATURE_SSR").is_some() {
        cynic_codegen::register_schema("plain")
            .from_sdl_file("src/plain/schema.graphql")?
            .as_default()?;
    }
    Ok(())
}

//! Figures in other formats.

use crate::project::{Project, said};

#[cfg(feature = "pictures")]
#[test]
fn a_figure_is_written_as_what_it_is_asked_for() {
    let project = Project::new();
    let picture = |format: &str| project.output(&["figure", "tiny", "--format", format]).stdout;
    assert_eq!(picture("svg"), std::fs::read(project.out().join("figures/tiny.svg")).unwrap());
    let pdf = picture("pdf");
    assert!(pdf.starts_with(b"%PDF-") && pdf == picture("pdf"), "the same bytes twice");
    let file = project.root().join("residuals.png");
    let name = file.to_str().unwrap();
    let said =
        project.stdout(&["figure", "tiny", "--format", "png", "--view", "residuals", "--theme", "dark", "--to", name]);
    assert!(said.contains("residuals.png") && std::fs::read(&file).unwrap().starts_with(b"\x89PNG"));
}

#[cfg(feature = "pictures")]
#[test]
fn the_name_of_the_file_says_the_format() {
    let project = Project::new();
    let written = |name: &str, more: &[&str]| {
        let path = project.root().join(name);
        project.stdout(&[&["figure", "tiny", "--to", path.to_str().unwrap()], more].concat());
        std::fs::read(&path).unwrap()
    };
    assert!(written("a.pdf", &[]).starts_with(b"%PDF-"));
    assert!(written("a.PNG", &["--scale", "1"]).starts_with(b"\x89PNG"));
    assert!(written("a.svg", &[]).starts_with(b"<svg") || written("a.svg", &[]).starts_with(b"<?xml"));
    assert_eq!(written("a", &[]), written("a.svg", &[]));
    assert!(written("a.out", &["--format", "pdf"]).starts_with(b"%PDF-"));
    let path = project.root().join("b.pdf");
    let output = project.output(&["figure", "tiny", "--format", "svg", "--to", path.to_str().unwrap()]);
    assert!(output.status.code() == Some(2) && said(&output).contains("contradicts"), "{}", said(&output));
    assert!(!path.exists());
}

#[test]
fn what_cannot_be_a_picture_is_refused() {
    let project = Project::new();
    for arguments in [
        &["figure", "tinny"][..],
        &["figure", "tiny", "--format", "gif"],
        &["figure", "tiny", "--format", "png", "--scale", "0"],
        &["figure", "tiny", "--format", "png", "--scale", "1e9"],
        &["figure", "tiny", "--theme", "dark"],
        &["figure", "tiny", "--format", "pdf", "--scale", "3"],
        &["figure", "tiny", "--to", "picture.gif"],
        &["figure", "tiny", "--format", "png", "--to", "picture.pdf"],
    ] {
        let output = project.output(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    }
}

#[cfg(not(feature = "pictures"))]
#[test]
fn without_its_feature_a_picture_is_refused_before_any_work() {
    let project = Project::new();
    for format in ["pdf", "png"] {
        let output = project.output(&["figure", "tiny", "--format", format, "--to", "picture"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("`pictures`") && !project.out().exists(), "{}", said(&output));
    }
    assert!(project.stdout(&["figure", "tiny"]).starts_with("<svg"));
}

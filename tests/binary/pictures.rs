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
fn what_cannot_be_a_picture_is_refused() {
    let project = Project::new();
    for arguments in [
        &["figure", "tinny"][..],
        &["figure", "tiny", "--format", "gif"],
        &["figure", "tiny", "--format", "png", "--scale", "0"],
        &["figure", "tiny", "--format", "png", "--scale", "1e9"],
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

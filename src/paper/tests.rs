//! What a file of readings may hold, and how print answers by our names.

use super::*;
use crate::spec::{Figure, Scale};

const AXES_TEXT: &str = "figure,panel,axis,scale,min,max,reading_error\n\
    fig9,9,x,linear,0,1,0.001\nfig9,9,y,log10,0.01,10,relative 0.002\n";
const CURVES_TEXT: &str = "figure,curve,segment,x,y\nfig9,a,0,0.1,0.5\nfig9,a,1,0.2,4\nfig9,b,0,0.3,1\n";
const POINTS_TEXT: &str = "figure,panel,curve,x,y,y_reading_error,bar_half,kind\n\
    fig9,9,a,0.2,4.1,0.008,0.3,simulation\nfig9,9,a,0.1,0.5,0.001,,simulation\nfig9,9,dots,0.1,0.4,0.001,,theory dot\n";
const LINES_TEXT: &str = "figure,curve,x,y,x_reading_error,y_reading_error,style,note\n\
    fig9,a,0,9,0.001,0.01,solid,a piece of a\nfig9,level,0,0.2,0.001,0.01,solid,\nfig9,level,1,0.2,0.001,0.01,solid,\n\
    fig9,edge,0,0.01,0.001,0.01,dashed,\"on the frame: invisible\"\n";

fn files() -> Files<'static> {
    Files { curves: CURVES_TEXT, points: POINTS_TEXT, lines: LINES_TEXT, axes: AXES_TEXT }
}

fn figure(published: &str) -> Figure {
    let text = format!(
        "id = \"f\"\ntitle = \"\"\npaper = \"\"\ncaption = \"\"\npublished = \"fig9\"\n\
         [x]\nparameter = \"alpha\"\nrange = [0.1, 1.0]\npoints = 2\n\
         [[panel]]\ny = \"q\"\nrange = [0.01, 10.0]\nscale = \"log\"\n\
         [[curve]]\nid = \"ours\"\nlabel = \"\"\nlearner = \"direct\"\npublished = {published}\n"
    );
    toml::from_str(&text).expect("a figure")
}

#[test]
fn a_curve_comes_under_our_names_with_the_errors_of_its_axes() {
    let print = Print::parse(files()).unwrap();
    let vertices = print.curves(&figure("\"a\""));
    let read: Vec<_> = vertices.iter().map(|vertex| (vertex.x, vertex.y, vertex.segment)).collect();
    assert_eq!(read, [(0.1, 0.5, 0), (0.2, 4.0, 1)], "the curves' file counts, not the piece among the lines");
    assert!(vertices.iter().all(|vertex| vertex.curve == "ours" && vertex.column.name() == "q"));
    assert!((vertices[1].y_error - 0.008).abs() < 1e-15 && vertices[1].x_error == 0.001);
}

#[test]
fn points_rise_in_x_and_take_several_series_of_print() {
    let print = Print::parse(files()).unwrap();
    let points = print.points(&figure("{ points = [\"a\", \"dots\"] }"));
    let read: Vec<_> = points.iter().map(|point| (point.x, point.bar, point.kind)).collect();
    let expected = [(0.1, None, Kind::Simulation), (0.1, None, Kind::TheoryDot), (0.2, Some(0.3), Kind::Simulation)];
    assert_eq!(read, expected);
    assert!(print.points(&figure("{}")).is_empty() && print.curves(&figure("{}")).is_empty());
}

#[test]
fn the_end_of_a_stroke_that_the_frame_cuts_is_no_vertex() {
    let curves = "figure,curve,segment,x,y\nfig9,a,0,0.1,10\nfig9,a,0,0.2,10\nfig9,a,0,0.3,5\nfig9,a,0,0.35,10\n\
                  fig9,a,1,0.4,10\nfig9,a,1,0.5,3\n";
    let print = Print::parse(Files { curves, ..files() }).unwrap();
    let at = |published| print.curves(&figure(published)).iter().map(|vertex| vertex.x).collect::<Vec<_>>();
    assert_eq!(at("\"a\""), [0.1, 0.2, 0.3, 0.5], "a stroke may begin along the frame");
    assert_eq!(at("{ curve = \"a\", range = [0.15, 0.4] }"), [0.2, 0.3]);
}

#[test]
fn lines_that_are_nobodys_curve_can_stand_for_one() {
    let print = Print::parse(files()).unwrap();
    assert_eq!(print.curves(&figure("\"level\"")).len(), 2);
    let seen: Vec<_> = print.lines().iter().map(|line| (line.name.as_str(), line.visible)).collect();
    assert_eq!(seen, [("a", true), ("level", true), ("edge", false)]);
    let figure = figure("{}");
    let axis = print.axis(&figure, &figure.panels[0], Direction::Y).unwrap();
    assert_eq!((axis.min, axis.max, axis.scale), (0.01, 10.0, Scale::Log));
}

#[test]
fn a_wrong_row_is_refused_with_file_and_line() {
    let swap = |text: &'static str, from: &str, to: &str| text.replacen(from, to, 1);
    let of = |files: Files<'_>| Print::parse(files).unwrap_err().to_string();
    for (from, to, expected) in [
        ("0.2,4", "0.2,four", "data/paper/printed_curves.csv line 3: column y: invalid float"),
        ("0.2,4", "0.2,inf", "data/paper/printed_curves.csv line 3: column y: inf; valid: a finite number"),
        ("0.2,4", "0.2", "data/paper/printed_curves.csv line 3: 4 cells; valid: 5, as in the header"),
        ("fig9,b", "fig8,b", "data/paper/printed_curves.csv line 4: no axes of `fig8`"),
        ("segment", "piece", "data/paper/printed_curves.csv line 2: missing field `segment`"),
    ] {
        let curves = swap(CURVES_TEXT, from, to);
        let message = of(Files { curves: &curves, ..files() });
        assert!(message.starts_with(expected), "{message}");
    }
    for (from, to, expected) in [
        ("theory dot", "dot", "data/paper/printed_points.csv line 4: "),
        ("0.008,0.3", "0.008,-0.3", "data/paper/printed_points.csv line 2: y_reading_error and bar_half"),
    ] {
        let points = swap(POINTS_TEXT, from, to);
        let message = of(Files { points: &points, ..files() });
        assert!(message.starts_with(expected), "{message}");
    }
    for (from, to, expected) in [
        ("relative 0.002", "0.002", "data/paper/axes.csv line 3: column reading_error: `0.002`; valid on this scale"),
        ("0.01,10", "-1,10", "data/paper/axes.csv line 3: an axis from -1 to 10; valid"),
        ("9,y,log10", "9,x,linear", "data/paper/axes.csv line 3: a second X axis of `fig9`"),
    ] {
        let axes = swap(AXES_TEXT, from, to);
        let message = of(Files { axes: &axes, ..files() });
        assert!(message.starts_with(expected), "{message}");
    }
}

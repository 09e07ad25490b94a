//! What a rendered figure must be: bounded, clipped, escaped, unambiguous and the same every time

use std::collections::BTreeSet;

use super::*;

/// A figure with a line, its simulation points and the published overlay in each of `panels` panels.
fn figure(panels: usize, points: Vec<Point>) -> Drawing {
    let mut panel = Panel::new(Axis::linear("α", (0.0, 10.0)), Axis::linear("ε_g", (0.0, 0.5)));
    panel.title = Some("(a)".into());
    panel.series = vec![
        Series::theory("kd", r"KD, \tilde λ = 0.1", Color::slot(0), Dash::Solid, points.clone()),
        Series::published("kd", Color::slot(0), points.clone()),
        Series::experiment("kd", r"KD, \tilde λ = 0.1", Color::slot(0), Marker::Circle, points),
    ];
    panel.verticals = [4.6, 4.85].map(|at| Vertical { at, label: "α_S".into() }).into();
    Drawing {
        id: "fig05".into(),
        title: "Error < ½ & \"falling\"".into(),
        description: "One <curve>".into(),
        panels: vec![panel; panels],
        grid: Grid::Pairs,
        legend: LegendPlacement::Below,
    }
}

/// A curve with curvature everywhere.
fn wave() -> Vec<Point> {
    let y = |x: f64| 0.25 + 0.2 * libm::sin(1.7 * x) * libm::exp(-0.1 * x);
    (0..=600).map(|k| f64::from(k) / 60.0).map(|x| Point::new(x, y(x))).collect()
}

/// The vertices of every subpath of a path in canvas pixels.
fn vertices(data: &str) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut rest = data;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..].find(|glyph: char| glyph.is_ascii_alphabetic()).map_or(rest.len(), |at| at + 1);
        let spaced = rest[1..end].replace('-', " -");
        let numbers: Vec<f64> = spaced.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let (x, y) = out.last().copied().unwrap_or_default();
        match command {
            'M' => out.push((numbers[0], numbers[1])),
            'l' => out.push((x + numbers[0], y + numbers[1])),
            'h' => out.push((x + numbers[0], y)),
            'v' => out.push((x, y + numbers[0])),
            _ => {}
        }
        rest = &rest[end..];
    }
    out
}

/// The paths inside the first group whose opening tag contains `mark`, up to that group's end.
fn paths(svg: &str, mark: &str) -> Vec<Vec<(f64, f64)>> {
    let inside = &svg[svg.find(mark).unwrap()..];
    let inside = &inside[..inside.find("</g>").unwrap()];
    inside.split("<path d=\"").skip(1).map(|part| vertices(part.split('"').next().unwrap())).collect()
}

/// The plotting area in canvas pixels, from the axis line: left, right, top, bottom.
fn frame(svg: &str) -> (f64, f64, f64, f64) {
    let axis = &paths(svg, "<g class=\"i\" fill=\"none\"")[0];
    (axis[0].0, axis[2].0, axis[0].1, axis[1].1)
}

#[test]
fn a_drawn_curve_stays_within_a_tenth_of_a_pixel_of_the_exact_one() {
    let svg = render(&figure(1, wave())).unwrap();
    let (left, right, top, bottom) = frame(&svg);
    let line = &paths(&svg, "class=\"series theory")[0];
    for point in wave() {
        let exact = (left + point.x / 10.0 * (right - left), bottom - point.y / 0.5 * (bottom - top));
        let nearest = line.windows(2).map(|ends| {
            let along = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
            let offset = (exact.0 - ends[0].0, exact.1 - ends[0].1);
            let share = (offset.0 * along.0 + offset.1 * along.1) / (along.0 * along.0 + along.1 * along.1);
            let share = share.clamp(0.0, 1.0);
            libm::hypot(offset.0 - share * along.0, offset.1 - share * along.1)
        });
        let displayed = nearest.fold(f64::INFINITY, f64::min) / 40.0;
        assert!(displayed < 0.1, "{displayed} px at x = {}", point.x);
    }
}

#[test]
fn nothing_is_drawn_outside_the_plotting_area() {
    let spike = (0..=100).map(|k| 0.1 * f64::from(k)).map(|x| Point::new(x, 4.0 * libm::sin(3.0 * x)));
    let svg = render(&figure(1, spike.collect())).unwrap();
    let (left, right, top, bottom) = frame(&svg);
    let pieces = paths(&svg, "class=\"series theory");
    assert!(pieces.len() > 5);
    for (x, y) in pieces.into_iter().flatten() {
        assert!(x >= left && x <= right && y >= top && y <= bottom);
    }
}

#[test]
fn missing_values_leave_a_gap_and_never_reach_the_document() {
    let mut points = wave();
    (points[100].y, points[300].y) = (f64::NAN, f64::INFINITY);
    points[200].error = Some(f64::NAN);
    let svg = render(&figure(1, points)).unwrap();
    assert_eq!(paths(&svg, "class=\"series theory").len(), 3);
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn titles_and_hover_texts_are_escaped() {
    let hover = Point { hover: Some("q < 1 & \"ok\"".into()), ..Point::new(1.0, 0.2) };
    let svg = render(&figure(1, vec![hover])).unwrap();
    assert!(svg.contains(">Error &lt; ½ &amp; &quot;falling&quot;</title>"));
    assert!(svg.contains(">One &lt;curve&gt;</desc>"));
    assert_eq!(svg.matches("<title>q &lt; 1 &amp; &quot;ok&quot;</title>").count(), 3);
}

#[test]
fn ids_are_unique_and_carry_the_prefix() {
    let svg = render(&figure(4, wave())).unwrap();
    let ids: Vec<&str> = svg.split(" id=\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.len() >= 7 && ids.iter().all(|id| id.starts_with("fig05")));
    for named in ["fig05-title", "fig05-desc"] {
        assert!(ids.contains(&named));
    }
}

#[test]
fn error_bars_exist_only_where_errors_do() {
    let bars = |error| {
        let svg = render(&figure(1, vec![Point { error, ..Point::new(5.0, 0.25) }])).unwrap();
        let series = &svg[svg.find("class=\"series experiment").unwrap()..];
        series[..series.find("class=\"f\"").unwrap()].matches("<path").count()
    };
    assert_eq!((bars(None), bars(Some(0.05)), bars(Some(9.0))), (0, 3, 1));
}

#[test]
fn bytes_repeat_and_stay_few() {
    let drawing = figure(4, wave());
    let svg = render(&drawing).unwrap();
    assert_eq!(svg, render(&drawing).unwrap());
    let sparse = wave().into_iter().step_by(100).collect::<Vec<_>>();
    assert!(render(&figure(4, sparse)).unwrap().len() < 30_000);
    let curve = figure(1, wave()).panels.remove(0).series.remove(0);
    let crowded = Drawing { panels: vec![Panel { series: vec![curve; 12], ..drawing.panels[0].clone() }], ..drawing };
    assert!(render(&crowded).unwrap().len() < 80_000);
}

#[test]
fn drawings_that_cannot_be_shown_are_refused_by_name() {
    let with = |change: fn(&mut Drawing)| {
        let mut drawing = figure(1, Vec::new());
        change(&mut drawing);
        render(&drawing).unwrap_err()
    };
    assert!(matches!(with(|drawing| drawing.panels.clear()), PlotError::NoPanel { .. }));
    assert!(matches!(with(|drawing| drawing.id = "5 a".into()), PlotError::Identifier { .. }));
    assert!(matches!(with(|drawing| drawing.panels[0].x.range = (0.0, 0.0)), PlotError::Range { .. }));
    assert!(matches!(with(|drawing| drawing.panels[0].y.scale = Scale::Log), PlotError::NonPositiveLog { .. }));
    assert!(matches!(with(|drawing| drawing.panels[0].y.label = r"\mystery".into()), PlotError::Markup { .. }));
}

#[test]
fn the_legend_merges_a_curve_with_its_points_and_names_the_roles() {
    let svg = render(&figure(2, wave())).unwrap();
    let texts: Vec<&str> = ["entry curve", "entry theory", "entry published", "entry experiment"].into();
    assert!(texts.iter().all(|class| svg.matches(class).count() == 1));
    let hidden = Drawing { legend: LegendPlacement::Hidden, ..figure(2, wave()) };
    assert!(!render(&hidden).unwrap().contains("entry"));
}

#[test]
fn print_is_told_once_and_its_points_are_hollow() {
    let mut drawing = figure(1, wave());
    let points = vec![Point { error: Some(0.05), ..Point::new(2.0, 0.3) }, Point::new(4.0, 0.2)];
    drawing.panels[0].series.push(Series::printed_points("kd", Color::slot(0), Marker::Square, points));
    let svg = render(&drawing).unwrap();
    assert_eq!(svg.matches(">print<").count(), 1);
    assert_eq!(svg.matches("entry ").count(), 4, "curve, theory, print, simulation");
    let layer = &svg[svg.find("class=\"series printed-points c0\"").unwrap()..];
    let layer = &layer[..layer.find("<g class=\"series").unwrap()];
    // the bar of one point, the markers of both, neither filled
    assert_eq!(layer.matches("fill=\"none\"").count(), 2);
    assert!(!layer.contains("class=\"f\""));
}

#[test]
fn what_was_measured_is_no_simulation() {
    let mut drawing = figure(1, wave());
    let points = vec![Point { error: Some(0.05), ..Point::new(2.0, 0.3) }];
    drawing.panels[0].series[2] = Series::measured("kd", "KD", Color::slot(0), Marker::Circle, points);
    let svg = render(&drawing).unwrap();
    assert_eq!((svg.matches(">measured<").count(), svg.matches(">simulation<").count()), (1, 0));
    assert!(svg.contains("class=\"series measured c0\""));
}

#[test]
fn panels_that_show_different_curves_have_a_legend_each() {
    let mut drawing = figure(2, wave());
    drawing.panels[1].series[0].label = "direct".into();
    drawing.panels[1].series[2].label = "direct".into();
    let svg = render(&drawing).unwrap();
    let panel = |at: usize| {
        let after = &svg[svg.find(&format!("id=\"fig05-panel-{at}\"")).unwrap()..];
        &after[..after[1..].find("id=\"fig05-").map_or(after.len(), |end| end + 1)]
    };
    assert!([0, 1].iter().all(|&at| panel(at).matches("entry curve").count() == 1));
    assert!(!panel(0).contains("direct") && panel(1).contains("direct"));
    assert_eq!(svg.matches("entry theory").count(), 1, "the key to the roles is shared");
}

#[test]
fn only_figures_of_several_panels_are_stacked_on_narrow_screens() {
    assert!(!render(&figure(1, wave())).unwrap().contains("max-width"));
    let svg = render(&figure(2, wave())).unwrap();
    let narrow = &svg[svg.find("@media screen and (max-width:720px)").unwrap()..svg.find("</style>").unwrap()];
    for cell in ["#fig05-panel-0{", "#fig05-panel-1{", "#fig05-legend{"] {
        assert!(narrow.contains(cell), "{cell}");
    }
}

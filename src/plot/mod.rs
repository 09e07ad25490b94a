//! Figures as scalable vector graphics: curves, points and axes, no physics
//!
//! A [`Drawing`] is plain data: panels with axes, series of points, thresholds and bands. [`render`]
//! turns it into one SVG document. Geometry passes through `plotters` onto a canvas forty times finer
//! than the page, so that its whole-pixel grid stays far below what a screen resolves; text is typeset
//! here, because axis labels need true sub- and superscripts. Colours are CSS variables with
//! fallbacks: a host page may set `--series-0` … `--series-7`, `--ink`, `--grid` and `--paper`, and
//! without a host the figure follows the reader's light or dark preference by itself.

mod annotations;
mod axis;
mod canvas;
#[cfg(feature = "pictures")]
mod convert;
mod curve;
mod drawing;
mod error;
mod label;
mod legend;
mod markup;
mod page;
mod panel;
mod series;
mod style;
mod ticks;
mod xml;

#[cfg(test)]
mod tests;

#[cfg(feature = "pictures")]
pub use convert::{Format, convert};
pub use drawing::{
    Axis, Band, Drawing, Grid, Horizontal, LegendPlacement, Marker, Panel, Point, Role, Scale, Series, Vertical,
};
pub use error::PlotError;
pub use markup::check_label;
pub use page::render;
pub use style::{Color, Dash, Theme};

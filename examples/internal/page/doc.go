// Package page writes an evaluation as one HTML file that needs nothing else: no network, no script, no
// font, no picture. Its charts are SVG inside the page, with their text as text, drawn by gonum's plot,
// which no other package of this project imports.
//
// Everything that is read on the page comes from an [evaluation.Document], whose numbers are already
// rounded and, where asked, suppressed. The page has no other source, so it cannot show a number that the
// document does not.
//
// Not for this package: working anything out, and deciding what may be shown.
package page

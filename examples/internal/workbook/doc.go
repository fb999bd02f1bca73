// Package workbook writes an Excel workbook for filling in an extract by hand, and
// reads a worksheet as the CSV that a validator takes. It stands apart from
// package dcrs because it needs excelize.
//
// # Writing
//
// [Template] makes an empty workbook from the dictionary: a sheet for each
// table with its headings, drop-down lists from the code lists, cells that keep
// leading zeros, date cells, ranges, and notes on the headings; then the codes
// with their labels, and the dictionary. Excel checks what is typed into the first
// 10,000 rows and not what is pasted, cannot check several codes in a cell, and
// knows no rule between cells: what comes back still has to be validated.
//
// # Reading
//
// [Open] opens a workbook, and [Book.CSV] gives one worksheet as CSV, row by row.
//
//   - Record and line: each row of the sheet is one line of the CSV, blank rows
//     included, so that the line of a finding is the row of the sheet and its
//     column the column. A line break inside a cell becomes the character U+2028.
//   - Dates: a number whose format is one of dates is written as yyyy-mm-dd, with
//     the time behind it (2024-05-01T13:30:00) where it has one. Both calendars of
//     Excel, from 1900 and from 1904, are read.
//   - Codes: text stays as it is, leading zeros included. A number whose format
//     is nothing but zeros (00) is written with as many digits, as Excel shows it.
//     A zero that Excel has already taken away is gone, and the validator says so.
//   - Other numbers are written in full, whatever their format shows, with the 15
//     digits that Excel holds and a point. Formulas count as the value that was
//     stored with them; errors such as #N/A as their text.
//   - Blank cells at the end of a row are filled up to the width of the heading.
//
// Memory does not grow with the sheet: a part of the workbook that is large when
// unpacked goes to a temporary file, which [Book.Close] removes. The limits on
// what is unpacked hold against workbooks made to exhaust a machine, whatever
// sizes their directory claims.
//
// It is not for old .xls files, files with a password, merged cells, headings of
// several rows, or guessing which sheet or row was meant.
package workbook

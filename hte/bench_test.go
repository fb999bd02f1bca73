package hte_test

import (
	"testing"

	"github.com/healthtrainer/healthtrainer/hte"
)

func BenchmarkParseDate(b *testing.B) {
	text := []byte("2023-02-09")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hte.ParseDate(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDateString(b *testing.B) {
	text := "2023-02-09"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hte.ParseDate(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDateRefused(b *testing.B) {
	text := []byte("09/02/2023")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hte.ParseDate(text); err == nil {
			b.Fatal("09/02/2023 is not ISO 8601")
		}
	}
}

func BenchmarkAddMonths(b *testing.B) {
	d := day(b, "2022-11-30")
	b.ReportAllocs()
	for b.Loop() {
		if d.AddMonths(6).IsZero() {
			b.Fatal("no follow-up date")
		}
	}
}

func BenchmarkYearsUntil(b *testing.B) {
	born, referred := day(b, "1984-02-29"), day(b, "2023-02-09")
	b.ReportAllocs()
	for b.Loop() {
		if born.YearsUntil(referred) != 38 {
			b.Fatal("wrong age")
		}
	}
}

func BenchmarkDateAppendText(b *testing.B) {
	d := day(b, "2022-11-30")
	var buf [16]byte
	b.ReportAllocs()
	for b.Loop() {
		if text, _ := d.AppendText(buf[:0]); len(text) != 10 {
			b.Fatal("wrong length")
		}
	}
}

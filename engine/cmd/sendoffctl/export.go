package main

import (
	"bufio"
	"encoding/csv"
	"strconv"
	"time"

	"sendoff/engine/delivery"
)

// writeJSON streams an array of objects.
func writeJSON(w *bufio.Writer, columns []string, each func(row func(...any) error) error) error {
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = append(strconv.AppendQuote(nil, c), ':')
	}
	sep := "[\n"
	err := each(func(values ...any) error {
		w.WriteString(sep)
		sep = ",\n"
		w.WriteByte('{')
		for i, v := range values {
			if i > 0 {
				w.WriteByte(',')
			}
			w.Write(names[i])
			b, err := encode(v)
			if err != nil {
				return err
			}
			w.Write(b)
		}
		return broken(w.WriteByte('}'))
	})
	if err != nil {
		return err
	}
	if sep == "[\n" {
		w.WriteString("[")
	}
	_, err = w.WriteString("\n]\n")
	return broken(err)
}

// writeCSV streams RFC 4180 with a header.
func writeCSV(w *bufio.Writer, columns []string, each func(row func(...any) error) error) error {
	c := csv.NewWriter(w)
	c.Write(columns)
	fields := make([]string, len(columns))
	err := each(func(values ...any) error {
		for i, v := range values {
			fields[i] = cell(v)
		}
		return broken(c.Write(fields))
	})
	if err != nil {
		return err
	}
	c.Flush()
	return broken(c.Error())
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return &delivery.Error{Op: "write", Kind: delivery.KindIO, File: "standard output", Err: err}
}

// cell is a value in a CSV file. A text that a spreadsheet would take for a
// formula gets an apostrophe in front; addresses and replies come from strangers.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return neutral(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return ""
}

func neutral(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + s
	}
	return s
}

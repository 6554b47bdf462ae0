package audience

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// BenchmarkReader reads simple rows: six columns, unquoted and quoted.
func BenchmarkReader(b *testing.B) {
	for _, bench := range []struct{ name, format string }{
		{"plain", "person%06d@post.example,Anna,Visser,Utrecht,nl,2024-05-01\n"},
		{"quoted", "\"person%06d@post.example\",\"Anna\",\"Visser, A.\",\"Utrecht\",\"nl\",\"2024-05-01\"\r\n"},
		{"accents", "person%06d@post.example,Zoë,Müller,Utrecht,nl,2024-05-01\n"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var buf bytes.Buffer
			buf.WriteString("email,first_name,last_name,city,language,since\n")
			const rows = 100_000
			for i := range rows {
				fmt.Fprintf(&buf, bench.format, i)
			}
			data := buf.Bytes()
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				r, err := NewReader(bytes.NewReader(data), "", Options{})
				if err != nil {
					b.Fatal(err)
				}
				for {
					if _, err := r.Next(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

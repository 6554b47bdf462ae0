package segment_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/segment"
)

// crowd is a million people who are made as they are read.
type crowd struct {
	*world
	n int64
}

func (c crowd) Count(context.Context) (int64, error) { return c.n, nil }

func (c crowd) People(_ context.Context, _ int64, fn func(segment.Person) error) error {
	var key, fields []byte
	cities := []string{"Utrecht", "Amsterdam", "Den Haag", "Rotterdam", "Zwolle", "Köln", "Gent"}
	for i := range c.n {
		key = fmt.Appendf(key[:0], "person%07d@mail%d.example", i, i%50)
		fields = fmt.Appendf(fields[:0], `{"first_name":"Name%d","city":"%s","age":"%d","joined":"20%02d-%02d-%02d","voucher":"V-%08x"}`,
			i%5000, cities[i*i%int64(len(cities))], 18+i%70, 10+i%16, 1+i%12, 1+i%28, i*2654435761%(1<<32))
		if err := fn(segment.Person{ID: i + 1, Key: key, Address: key, Fields: fields, Created: 1_700_000_000_000 + i/1000, Modified: 1}); err != nil {
			return err
		}
	}
	return nil
}

func (c crowd) Got(_ context.Context, _ delivery.ID, fn func(int64, []byte) error) error {
	var key []byte
	for i := int64(0); i < c.n; i += 2 {
		key = append(strconv.AppendInt(append(key[:0], "person"...), 10_000_000+i, 10), "@mail"...)
		key[6] = '0' + byte(i/1_000_000)
		key = append(strconv.AppendInt(key, i%50, 10), ".example"...)
		if err := fn(i+1, key); err != nil {
			return err
		}
	}
	return nil
}

func BenchmarkMillion(b *testing.B) {
	c := crowd{world: newWorld(), n: 1_000_000}
	c.got[12] = map[int64]string{}
	c.lists[1] = map[int64]bool{}
	for i := int64(1); i <= c.n; i += 3 {
		c.lists[1][i] = true
	}
	var x segment.Index
	began := time.Now()
	if err := x.Sync(b.Context(), c, nil); err != nil {
		b.Fatal(err)
	}
	loaded := time.Since(began)
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	for _, src := range []string{
		`city is "utrecht"`,
		`email contains "son09"`,
		`voucher contains "ab1"`,
		`voucher one of ("V-00000000", "V-9e3779b1", "x")`,
		`age >= 30`,
		`joined in the last 200 days`,
		`did not get delivery DM12`,
		`(city is "Utrecht" or (age between 30 and 40 and not (first_name starts with "name1"))) and email ends with "7.example" and not in audience 1 and joined after 2015-01-01 and did not get delivery DM12`,
		`random part 1 to 10 of 100 seed 7`,
	} {
		e, err := rule.Parse(src)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(src, func(b *testing.B) {
			// What is read and folded once is not what a person waits for.
			if _, err := x.Eval(b.Context(), c, e, segment.Env{Now: now}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s, err := x.Eval(b.Context(), c, e, segment.Env{Now: now})
				if err != nil {
					b.Fatal(err)
				}
				if s.Count() == 0 {
					b.Fatal("nobody")
				}
				x.IDs(s, 0, 5)
			}
		})
	}
	b.Run("values", func(b *testing.B) {
		for b.Loop() {
			x.Values("voucher", "ab", 8)
		}
	})
	runtime.KeepAlive(&x)
	b.Logf("loaded in %v, %d MiB", loaded, x.Bytes()>>20)
}

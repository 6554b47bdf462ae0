package extsort_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/extsort"
)

type pair struct{ key, value string }

func sorted(t interface{ Fatal(...any) }, s *extsort.Sorter) []pair {
	it, err := s.Sort()
	if err != nil {
		t.Fatal(err)
	}
	var out []pair
	for {
		k, v, ok, err := it.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return out
		}
		out = append(out, pair{string(k), string(v)})
	}
}

// TestLikeAStableSort holds it against the library's stable sort, with runs of a
// few rows up to all in memory.
func TestLikeAStableSort(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := extsort.New(dir, rapid.SampledFrom([]int{1, 30, 200, 1 << 20}).Draw(t, "budget"))
		defer s.Close()
		var want []pair
		for i, key := range rapid.SliceOf(rapid.StringN(0, 12, -1)).Draw(t, "keys") {
			p := pair{key, fmt.Sprint(i, strings.Repeat("x", i%5))}
			want = append(want, p)
			if err := s.Add([]byte(p.key), []byte(p.value)); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortStableFunc(want, func(a, b pair) int { return strings.Compare(a.key, b.key) })
		if got := sorted(t, s); !slices.Equal(got, want) || s.Len() != int64(len(want)) {
			t.Fatalf("%d rows: %v\nwant %v", s.Len(), got, want)
		}
	})
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

// TestFileGoesAway also when nothing was sorted, and a closed one refuses.
func TestFileGoesAway(t *testing.T) {
	dir := t.TempDir()
	s := extsort.New(dir, 1)
	for range 3 {
		if err := s.Add([]byte("k"), []byte("v")); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, extsort.Prefix+"*")); len(left) != 1 {
		t.Fatalf("files %v", left)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
	if err := s.Add(nil, nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	s := extsort.New(filepath.Join(t.TempDir(), "nowhere"), 1)
	defer s.Close()
	_ = s.Add([]byte("a"), nil)
	if err := s.Add([]byte("b"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

package plotting

import (
	"image/color"
	"math"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 6, 1, 9, 0, 3, 0, time.UTC)

func renderer(t testing.TB) *Renderer {
	t.Helper()
	b, err := os.ReadFile("../../resources/fonts/Sendoff-Figures-Tabular.otf")
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRenderer(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	green = color.NRGBA{0x19, 0x7C, 0x4A, 255}
	red   = color.NRGBA{0xC0, 0x35, 0x2B, 255}
	blue  = color.NRGBA{0x1F, 0x6F, 0xEB, 255}
	style = Style{Grid: color.NRGBA{0xE2, 0xE5, 0xEA, 255}, Text: color.NRGBA{0x66, 0x70, 0x85, 255}, TextSize: 11}
)

func sample(n int) Chart {
	var sent, failed, rate []Point
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second)
		sent = append(sent, Point{at, float64(i * 420)})
		failed = append(failed, Point{at, float64(i * 9)})
		rate = append(rate, Point{at, 420 + 60*math.Sin(float64(i))})
	}
	return Chart{Series: []Series{{Kind: Area, Right: true, Color: blue, Points: rate}, {Color: green, Points: sent}, {Color: red, Points: failed}}}
}

func TestRenderDrawsEverySeriesAndLeavesTheGroundAlone(t *testing.T) {
	img, err := renderer(t).Render(900, 170, 1, sample(23), style)
	if err != nil {
		t.Fatal(err)
	}
	if path := os.Getenv("SENDOFF_TEST_PICTURE"); path != "" {
		save(t, path, img)
	}
	if b := img.Bounds(); b.Dx() != 900 || b.Dy() != 170 {
		t.Fatalf("%v", b)
	}
	seen := map[color.NRGBA]int{}
	clear := 0
	for y := range 170 {
		for x := range 900 {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			seen[c]++
			if c.A == 0 {
				clear++
			}
		}
	}
	if seen[green] < 200 || seen[red] < 200 {
		t.Errorf("green %d, red %d pixels", seen[green], seen[red])
	}
	if clear < 20000 {
		t.Errorf("only %d pixels let the ground through", clear)
	}
}

// TestNothingMakesItFail: whatever the data, a picture of the asked size.
func TestNothingMakesItFail(t *testing.T) {
	r := renderer(t)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), math.Inf(-1), -5, 1e300}))
		at := rapid.Map(rapid.Int64Range(0, 1<<33), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
		series := rapid.Custom(func(t *rapid.T) Series {
			return Series{Kind: Kind(rapid.IntRange(0, 1).Draw(t, "kind")), Right: rapid.Bool().Draw(t, "right"), Color: blue,
				Points: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point { return Point{at.Draw(t, "at"), value.Draw(t, "v")} }), 0, 5).Draw(t, "points")}
		})
		w, h := rapid.IntRange(-1, 300).Draw(t, "w"), rapid.IntRange(-1, 200).Draw(t, "h")
		scale := rapid.SampledFrom([]float64{1, 2, 1.25, 0, -1, math.NaN()}).Draw(t, "scale")
		img, err := r.Render(w, h, scale, Chart{Series: rapid.SliceOfN(series, 0, 3).Draw(t, "series")}, style)
		if err != nil {
			t.Fatal(err)
		}
		if w > 0 && h > 0 && (img.Bounds().Dx() != w || img.Bounds().Dy() != h) {
			t.Fatalf("%v for %dx%d", img.Bounds(), w, h)
		}
	})
}

func TestCeilingIsRoundAndClose(t *testing.T) {
	for v, want := range map[float64]float64{0: 4, 3: 4, 4: 4, 5: 8, 9786: 10000, 10000: 10000, 10001: 12000, 26: 32, 100: 100, 101: 120, 950: 1000} {
		if got := ceiling(v); got != want {
			t.Errorf("ceiling(%v) = %v, want %v", v, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0, 1e12).Draw(t, "v")
		got := ceiling(v)
		if got < v*(1-1e-9) || v > divisions && got > 2*v+divisions || math.Trunc(got/divisions) != got/divisions {
			t.Fatalf("ceiling(%v) = %v", v, got)
		}
	})
}

func TestThinningKeepsPeaksAndEnds(t *testing.T) {
	ps := make([]Point, 86400)
	for i := range ps {
		ps[i] = Point{start.Add(time.Duration(i) * time.Second), 10}
	}
	ps[43210].Value = 999
	ps[50001].Value = 1
	out := points(ps, 1)
	if len(out) > 2*maxPoints+2 {
		t.Errorf("%d points", len(out))
	}
	hi, lo := 0.0, math.Inf(1)
	for i, p := range out {
		hi, lo = max(hi, p.Y), min(lo, p.Y)
		if i > 0 && p.X < out[i-1].X {
			t.Fatalf("point %d goes back in time", i)
		}
	}
	if hi != 999 || lo != 1 || out[0].X != seconds(ps[0].At) || out[len(out)-1].X != seconds(ps[len(ps)-1].At) {
		t.Errorf("from %v to %v, lowest %v, highest %v", out[0], out[len(out)-1], lo, hi)
	}
}

func TestMomentsAreRound(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Skip(err)
	}
	from := time.Date(2026, 6, 1, 9, 3, 7, 0, amsterdam)
	for _, c := range []struct {
		span time.Duration
		want string // of the first label
	}{{20 * time.Second, "09:03:10"}, {10 * time.Minute, "09:04"}, {3 * time.Hour, "09:30"}, {40 * time.Hour, "12:00"}, {200 * time.Hour, "00:00"}} {
		ts := moments(from, from.Add(c.span), 8, nil)
		if len(ts) < 2 || len(ts) > 9 || ts[0].Label != c.want {
			t.Errorf("%v: %d labels, the first %q, want %q", c.span, len(ts), ts[0].Label, c.want)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	r := renderer(b)
	c := sample(300)
	for b.Loop() {
		if _, err := r.Render(968, 170, 1, c, style); err != nil {
			b.Fatal(err)
		}
	}
}

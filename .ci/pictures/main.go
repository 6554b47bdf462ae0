// Command pictures looks at the pictures of a tour: there must be enough of
// them, in pairs of a light and a dark theme, and none may be blank.
package main

import (
	"fmt"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
)

// fewest is the number of pictures of a whole tour: twenty-seven steps in two
// themes.
const fewest = 54

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pictures DIR")
		os.Exit(2)
	}
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func check(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		return err
	}
	if len(names) < fewest {
		return fmt.Errorf("%s has %d pictures, a tour has %d", dir, len(names), fewest)
	}
	light := map[string]float64{}
	for _, name := range names {
		l, err := look(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		light[name] = l
	}
	for name, l := range light {
		if step, ok := strings.CutSuffix(name, "-light.png"); ok && l <= light[step+"-dark.png"] {
			return fmt.Errorf("%s is not lighter than its dark twin", name)
		}
	}
	return nil
}

// look returns how light a picture is, from 0 to 1. A picture without shapes is
// an error.
func look(name string) (float64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return 0, err
	}
	b := img.Bounds()
	if b.Dx() < 700 || b.Dy() < 480 {
		return 0, fmt.Errorf("is %v, which is no window", b.Size())
	}
	colours := map[[3]uint8]int{}
	var sum float64
	most := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			c := [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8)}
			colours[c]++
			most = max(most, colours[c])
			sum += float64(r+g+bl) / (3 * 0xffff)
		}
	}
	n := b.Dx() * b.Dy()
	if len(colours) < 64 || most > n*97/100 {
		return 0, fmt.Errorf("is blank: %d colours, one of them on %d %% of it", len(colours), most*100/n)
	}
	return sum / float64(n), nil
}

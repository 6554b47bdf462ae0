// Command draw draws the pictures of the templates. They are made of nothing but
// the shapes in this folder, so they belong to nobody else.
//
//	go run ./engine/template/draw engine/template/pictures
package main

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: draw FOLDER")
		os.Exit(2)
	}
	for _, s := range scenes() {
		c := newCanvas(s.w, s.h)
		s.draw(c)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, c.img, &jpeg.Options{Quality: 84}); err != nil {
			fail(err)
		}
		file := filepath.Join(os.Args[1], s.name+".jpg")
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			fail(err)
		}
		fmt.Printf("%s: %d × %d, %d KB\n", file, s.w, s.h, b.Len()>>10)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// scene is one picture, in pixels.
type scene struct {
	name string
	w, h int
	draw func(*canvas)
}

func scenes() []scene {
	return []scene{
		{"hills", 1200, 680, hills},
		{"cup", 720, 480, cup},
		{"books", 720, 480, books},
		{"lamp", 1200, 760, lamp},
		{"poster", 1200, 720, poster},
		{"sprout", 1200, 680, sprout},
		{"bicycle", 1200, 600, bicycle},
		{"winter", 1200, 760, winter},
	}
}

package audience

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"

	"sendoff/engine/delivery"
)

// Limits of a workbook, which is a ZIP archive. What goes beyond them is made to
// exhaust whoever unpacks it.
const (
	maxEntries  = 10_000
	maxUnpacked = 1 << 30 // bytes
	maxRatio    = 100     // unpacked to packed
	freeRatio   = 1 << 20 // bytes up to which an archive may be packed as tightly as it likes
)

// checkArchive looks at the list of contents alone, which takes no time: the
// library that unpacks refuses an entry that is longer than it says. KindBomb
// (Detail: which limit), KindWorkbook when it is no archive.
func checkArchive(r io.ReaderAt, size int64, file string) error {
	bomb := func(detail string) error {
		return &delivery.Error{Op: op, Kind: delivery.KindBomb, File: file, Detail: detail}
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return &delivery.Error{Op: op, Kind: delivery.KindWorkbook, File: file, Err: err}
	}
	if len(z.File) > maxEntries {
		return bomb(fmt.Sprintf("entries %d>%d", len(z.File), maxEntries))
	}
	var total uint64
	sheets := false
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") || strings.Contains(name, ":") {
			return bomb("path " + f.Name)
		}
		if f.UncompressedSize64 > maxUnpacked {
			return bomb(fmt.Sprintf("size %d>%d", f.UncompressedSize64, uint64(maxUnpacked)))
		}
		total += f.UncompressedSize64
		if f.UncompressedSize64 > freeRatio && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return bomb(fmt.Sprintf("ratio %d>%d", f.UncompressedSize64/max(1, f.CompressedSize64), maxRatio))
		}
		sheets = sheets || strings.EqualFold(name, "xl/workbook.xml")
	}
	switch {
	case total > maxUnpacked:
		return bomb(fmt.Sprintf("size %d>%d", total, uint64(maxUnpacked)))
	case total > freeRatio && total/maxRatio > uint64(size): // entries may share their bytes
		return bomb(fmt.Sprintf("ratio %d>%d", total/uint64(max(1, size)), maxRatio))
	case !sheets:
		return &delivery.Error{Op: op, Kind: delivery.KindEncoding, File: file, Line: 1, Detail: "zip"}
	}
	return nil
}

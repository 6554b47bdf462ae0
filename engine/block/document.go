package block

// Version is the version of documents that this package writes.
const Version = 1

// Bounds of a document.
const (
	MaxBytes   = 1 << 20 // of its JSON
	MaxBlocks  = 200     // those in columns included
	MaxText    = 20_000  // bytes of one text
	MaxAddress = 2_000   // bytes of one web address
	MaxColumns = 3
	MaxSocial  = 8
)

// Document is the design of one letter.
type Document struct {
	Version  int     `json:"version"`
	Language string  `json:"language"`        // BCP 47, as the lang attribute of the HTML
	Title    string  `json:"title,omitempty"` // of the HTML; empty: the name of the brand
	Brand    Brand   `json:"brand"`
	Blocks   []Block `json:"blocks"`
}

// Brand is what all blocks have in common. Colours are "#RRGGBB".
type Brand struct {
	Name      string `json:"name,omitempty"`   // stands at the head when there is no logo
	Logo      string `json:"logo,omitempty"`   // "asset:HASH" or a web address
	LogoWidth int    `json:"logo_w,omitempty"` // shown, in pixels; 0: 140
	LogoURL   string `json:"logo_url,omitempty"`
	Color     string `json:"color"`  // of buttons, links and fills
	Tint      string `json:"tint"`   // of soft fills
	Text      string `json:"text"`   // of running text
	Sheet     string `json:"sheet"`  // behind it
	Ground    string `json:"ground"` // around the sheet
	Heading   Font   `json:"heading"`
	Body      Font   `json:"body"`
	Radius    int    `json:"radius"` // of corners, in pixels, 0 to 32
	Width     int    `json:"width"`  // of the sheet, in pixels, 480 to 700
	HeadAlign Align  `json:"head_align,omitempty"`
}

// Font names a stack of typefaces that readers have.
type Font string

// Fonts.
const (
	FontSans      Font = "sans"      // Helvetica, Arial
	FontHumanist  Font = "humanist"  // Segoe UI, system faces
	FontGeometric Font = "geometric" // Avenir, Century Gothic
	FontSerif     Font = "serif"     // Georgia
	FontBook      Font = "book"      // Palatino, Book Antiqua
	FontMono      Font = "mono"      // Courier
)

// Fonts lists the fonts in the order of a menu.
func Fonts() []Font {
	return []Font{FontSans, FontHumanist, FontGeometric, FontSerif, FontBook, FontMono}
}

// Kind says what a block is.
type Kind string

// Kinds.
const (
	Heading Kind = "heading"
	Text    Kind = "text"
	List    Kind = "list"
	Image   Kind = "image"
	Button  Kind = "button"
	Columns Kind = "columns"
	Divider Kind = "divider"
	Spacer  Kind = "spacer"
	Social  Kind = "social"
	Footer  Kind = "footer"
)

// Kinds lists all kinds in the order of a palette.
func Kinds() []Kind {
	return []Kind{Heading, Text, List, Image, Button, Columns, Divider, Spacer, Social, Footer}
}

// Align is a horizontal alignment; empty: where the language begins.
type Align string

// Alignments.
const (
	AlignStart  Align = ""
	AlignCenter Align = "center"
	AlignEnd    Align = "end"
)

// Fill is the colour behind a block.
type Fill string

// Fills.
const (
	FillNone  Fill = ""      // the sheet
	FillTint  Fill = "tint"  // the brand's soft colour
	FillBrand Fill = "brand" // the brand's colour
)

// Size is the size of a text block.
type Size string

// Sizes.
const (
	SizeNormal Size = ""      // 16 px
	SizeSmall  Size = "small" // 14 px
	SizeLarge  Size = "large" // 19 px
)

// Space is the room above and below a block.
type Space string

// Spaces.
const (
	SpaceNormal Space = ""
	SpaceTight  Space = "tight"
	SpaceWide   Space = "wide"
)

// Block is one piece of a letter. Which fields count depends on its kind; Parse
// refuses the others.
type Block struct {
	Kind Kind `json:"kind"`
	// If is a condition in Liquid (city == "Utrecht"): who does not meet it gets
	// the letter without the block.
	If    string `json:"if,omitempty"`
	Align Align  `json:"align,omitempty"`
	Fill  Fill   `json:"fill,omitempty"` // not in a column, which has its own
	Space Space  `json:"space,omitempty"`

	// Text is what a heading or a button says, the markup of a text, the items of
	// a list (one a line), what a footer says above its address.
	Text    string `json:"text,omitempty"`
	Level   int    `json:"level,omitempty"`   // of a heading: 1 to 3
	Size    Size   `json:"size,omitempty"`    // of a text or list
	Muted   bool   `json:"muted,omitempty"`   // of a heading or text: in a quieter colour
	Ordered bool   `json:"ordered,omitempty"` // of a list: numbers in the place of dots

	URL string `json:"url,omitempty"` // of an image or button: where it leads

	Src    string `json:"src,omitempty"`    // of an image: "asset:HASH" or a web address
	Alt    string `json:"alt,omitempty"`    // what it says to whom does not see it
	Width  int    `json:"width,omitempty"`  // shown, in pixels; 0: as wide as there is room
	PixelW int    `json:"px_w,omitempty"`   // of the file, in pixels; 0: unknown
	PixelH int    `json:"px_h,omitempty"`   // likewise
	Bleed  bool   `json:"bleed,omitempty"`  // from edge to edge
	Height int    `json:"height,omitempty"` // of a spacer, in pixels, 4 to 120

	Outline bool `json:"outline,omitempty"` // of a button: a frame in the place of a fill
	Full    bool `json:"full,omitempty"`    // of a button: as wide as there is room

	Columns []Column `json:"columns,omitempty"`
	Links   []Link   `json:"links,omitempty"` // of social

	Address     string `json:"address,omitempty"`     // of a footer: where the sender can be written to
	Unsubscribe string `json:"unsubscribe,omitempty"` // of a footer: what the link says
}

// Column is one of two or three that stand side by side, on phones below each
// other.
type Column struct {
	Share  int     `json:"share,omitempty"` // of the width, against the others'; 0 counts as 1; up to 4
	Fill   Fill    `json:"fill,omitempty"`  // makes a card of it
	Blocks []Block `json:"blocks"`
}

// Link is one address of social.
type Link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Default is a brand to begin with.
func Default() Brand {
	return Brand{Color: "#2563EB", Tint: "#EFF4FE", Text: "#1F2937", Sheet: "#FFFFFF", Ground: "#F3F4F6",
		Heading: FontSans, Body: FontSans, Radius: 12, Width: 600}
}

// New is an empty document in a language, with the brand to begin with.
func New(language string) Document {
	return Document{Version: Version, Language: language, Brand: Default(), Blocks: []Block{}}
}

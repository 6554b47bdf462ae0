package widgets

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/resources"
)

// IconName names a small picture of the package resources.
type IconName string

// Icons.
const (
	NoIcon       IconName = ""
	IconMail     IconName = "envelope"
	IconCheck    IconName = "check-lg"
	IconDone     IconName = "check-circle"
	IconSend     IconName = "send"
	IconPrepare  IconName = "arrow-repeat"
	IconTest     IconName = "flask"
	IconPause    IconName = "pause-fill"
	IconPlay     IconName = "play-fill"
	IconStop     IconName = "stop-fill"
	IconEdit     IconName = "pencil"
	IconBack     IconName = "chevron-left"
	IconDown     IconName = "chevron-down"
	IconForward  IconName = "chevron-right"
	IconMore     IconName = "three-dots"
	IconMenu     IconName = "list"
	IconSide     IconName = "layout-sidebar"
	IconSearch   IconName = "search"
	IconWarning  IconName = "exclamation-triangle"
	IconInfo     IconName = "info-circle"
	IconError    IconName = "x-circle"
	IconClock    IconName = "clock"
	IconPeople   IconName = "people"
	IconPerson   IconName = "person"
	IconShield   IconName = "shield-check"
	IconCalendar IconName = "calendar-event"
	IconAdd      IconName = "plus-lg"
	IconUpload   IconName = "upload"
	IconSun      IconName = "sun"
	IconMoon     IconName = "moon"
	IconTheme    IconName = "circle-half"
	IconClose    IconName = "x-lg"
	IconHome     IconName = "house"
	IconQuestion IconName = "question-circle"
	IconCopy     IconName = "copy"
	IconFolder   IconName = "folder2-open"
	IconDownload IconName = "download"
	IconBlocked  IconName = "slash-circle"
	IconSettings IconName = "gear"
	IconDenied   IconName = "person-x"
	IconAllowed  IconName = "person-check"
	IconAccount  IconName = "hdd-network"
	IconEye      IconName = "eye"
	IconTrash    IconName = "trash"
	IconFilter   IconName = "funnel"
	IconColumns  IconName = "layout-three-columns"
	IconUp       IconName = "arrow-up"
	IconLower    IconName = "arrow-down"
	IconUndo     IconName = "arrow-counterclockwise"
	IconKey      IconName = "key"
	IconPlug     IconName = "plug"
	IconExternal IconName = "box-arrow-up-right"
	IconDocument IconName = "file-earmark-text"
	IconSliders  IconName = "sliders"
	IconBook     IconName = "book"
	IconRight    IconName = "arrow-right"
	IconGlobe    IconName = "globe"
	IconTraining IconName = "mortarboard"
	IconList     IconName = "card-list"
	IconInbox    IconName = "inbox"
	IconAt       IconName = "at"
	IconBuilding IconName = "building"
	IconArchive  IconName = "archive"
	IconBell     IconName = "bell"
	IconRedo     IconName = "arrow-clockwise"
	IconEmoji    IconName = "emoji-smile"
	IconBraces   IconName = "braces"
	IconPhone    IconName = "phone"
	IconLaptop   IconName = "laptop"
	IconBranch   IconName = "signpost-split"
	IconImage    IconName = "image"
	IconClip     IconName = "paperclip"
	IconMagic    IconName = "magic"
	IconFold     IconName = "chevron-up"
)

// Icons of what a letter is made of.
const (
	IconHeading   IconName = "type-h1"
	IconParagraph IconName = "text-paragraph"
	IconBullets   IconName = "list-ul"
	IconNumbers   IconName = "list-ol"
	IconPress     IconName = "menu-button"
	IconSideBy    IconName = "layout-split"
	IconDivide    IconName = "hr"
	IconSpace     IconName = "arrows-expand"
	IconShare     IconName = "share"
	IconPostcard  IconName = "postcard"
	IconBold      IconName = "type-bold"
	IconItalic    IconName = "type-italic"
	IconLink      IconName = "link-45deg"
	IconPalette   IconName = "palette"
	IconCode      IconName = "code-slash"
)

// Icons are all of them.
func Icons() []IconName {
	return []IconName{IconHeading, IconParagraph, IconBullets, IconNumbers, IconPress, IconSideBy, IconDivide, IconSpace, IconShare, IconPostcard, IconBold, IconItalic, IconLink, IconPalette, IconCode,
		IconMail, IconCheck, IconDone, IconSend, IconPrepare, IconTest, IconPause, IconPlay, IconStop, IconEdit, IconBack, IconDown, IconForward, IconMore, IconMenu, IconSide, IconSearch, IconWarning, IconInfo, IconError, IconClock, IconPeople, IconPerson, IconShield, IconCalendar, IconAdd, IconUpload, IconSun, IconMoon, IconTheme, IconClose, IconHome, IconQuestion, IconCopy, IconFolder, IconDownload, IconBlocked, IconSettings, IconDenied, IconAllowed, IconAccount, IconEye, IconTrash, IconFilter, IconColumns, IconUp, IconLower, IconUndo, IconKey, IconPlug, IconExternal, IconDocument, IconSliders, IconBook, IconRight, IconGlobe, IconTraining, IconList, IconInbox, IconAt, IconBuilding, IconArchive, IconBell,
		IconRedo, IconEmoji, IconBraces, IconPhone, IconLaptop, IconBranch, IconImage, IconClip, IconMagic, IconFold}
}

// Icon is a small picture in a colour of the theme.
type Icon struct {
	widget.BaseWidget
	name  IconName
	color fyne.ThemeColorName
	size  float32
	img   *canvas.Image
	shown string
}

// NewIcon makes an icon of size × size.
func NewIcon(name IconName, size float32, c fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, color: c, size: size, img: &canvas.Image{FillMode: canvas.ImageFillContain}}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes picture and colour.
func (i *Icon) Set(name IconName, c fyne.ThemeColorName) {
	if name != i.name || c != i.color {
		i.name, i.color = name, c
		i.Refresh()
	}
}

// SetSize changes the size.
func (i *Icon) SetSize(size float32) {
	if size != i.size {
		i.size = size
		i.Refresh()
	}
}

// paint colours the picture when it is not yet so.
func (i *Icon) paint() {
	c := paint(i, i.color)
	key := fmt.Sprint(i.name, c)
	if key == i.shown {
		return
	}
	i.shown = key
	i.img.Resource = colored(i.name, c)
	i.img.Refresh()
}

// colored is an icon as a picture of one colour. Fyne keeps pictures by name,
// so the colour is part of it.
func colored(name IconName, c color.Color) fyne.Resource {
	r := resources.Icon(string(name))
	if r == nil {
		return nil
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	hex := fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
	return fyne.NewStaticResource(string(name)+hex+".svg", bytes.ReplaceAll(r.Content(), []byte("currentColor"), []byte(hex)))
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	i.paint()
	layout := func(s fyne.Size) { put(i.img, round((s.Width-i.size)/2), round((s.Height-i.size)/2), i.size, i.size) }
	return &drawn{objects: []fyne.CanvasObject{i.img}, layout: layout,
		min:     func() fyne.Size { return fyne.NewSquareSize(i.size) },
		refresh: func() { i.paint(); layout(i.Size()); canvas.Refresh(i) }}
}

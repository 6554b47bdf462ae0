package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// scrolled is a vertical scroller whose content learns its width before its
// height is asked for.
type scrolled struct {
	scroll  *container.Scroll
	content fyne.CanvasObject
}

func (l *scrolled) Layout(os []fyne.CanvasObject, s fyne.Size) {
	h := heightFor(l.content, s.Width)
	l.content.Resize(fyne.NewSize(s.Width, max(h, s.Height)))
	put(os[0], 0, 0, s.Width, s.Height)
}

func (l *scrolled) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(64, 64) }

// Scroll shows a content that may be higher than its place, without the shadows
// of Fyne's.
func Scroll(content fyne.CanvasObject) fyne.CanvasObject {
	s := container.NewVScroll(content)
	// The override is inside the layout: the layout decides the width.
	o := container.NewThemeOverride(s, override{colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameShadow: ""}})
	return container.New(&scrolled{s, content}, o)
}

// NewScroller makes a vertical scroller without the shadows of Fyne's, for a
// content that wants to know what is in sight: the scroller, and what shows it.
func NewScroller(content fyne.CanvasObject) (*container.Scroll, fyne.CanvasObject) {
	s := container.NewVScroll(content)
	return s, container.NewThemeOverride(s, override{colors: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameShadow: ""}})
}

// centered keeps a content from growing wider than it can be read.
type centered struct{ most float32 }

func (l centered) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := min(l.most, s.Width-2*look.Margin)
	put(os[0], floor((s.Width-w)/2), look.Gap, w, heightFor(os[0], w))
}

func (l centered) MinSize(os []fyne.CanvasObject) fyne.Size {
	return os[0].MinSize().AddWidthHeight(2*look.Margin, look.Gap+look.Margin)
}

// Page is a scrolled column of cards, at most most wide.
func Page(most float32, os ...fyne.CanvasObject) fyne.CanvasObject {
	return Scroll(container.New(centered{most}, VStack(look.Gap, os...)))
}

// Shell is the frame of a screen: a side panel, a bar and a page below the bar.
// The side panel goes away in a narrow window until it is asked for.
type Shell struct {
	widget.BaseWidget
	side, bar, page fyne.CanvasObject
	edge, under     *Box
	ground          *Box
	wish            int // 0: by width, 1: shown, -1: hidden
	wide            bool
	shown           bool
	onFold          func(shown bool)
}

// NewShell makes a frame. A nil side or bar is none.
func NewShell(side, bar, page fyne.CanvasObject) *Shell {
	s := &Shell{bar: bar, page: page, edge: Rule(), under: Rule()}
	if side != nil {
		s.side = side
		s.ground = NewBox(look.Side, "", 0, Insets{}, nil)
	}
	s.ExtendBaseWidget(s)
	return s
}

// SetPage changes what is below the bar.
func (s *Shell) SetPage(o fyne.CanvasObject) {
	if o != s.page {
		s.page = o
		s.Refresh()
	}
}

// SideShown reports whether the side panel is in sight.
func (s *Shell) SideShown() bool { return s.shown }

// ToggleSide shows or hides the side panel, until the window passes the width at
// which it folds.
func (s *Shell) ToggleSide() {
	if s.side == nil {
		return
	}
	s.wish = 1
	if s.shown {
		s.wish = -1
	}
	s.Refresh()
}

// OnFold is told when the side panel comes or goes.
func (s *Shell) OnFold(f func(shown bool)) { s.onFold = f }

// CreateRenderer implements fyne.Widget.
func (s *Shell) CreateRenderer() fyne.WidgetRenderer { return &shellRenderer{s} }

type shellRenderer struct{ s *Shell }

func (r *shellRenderer) Destroy() {}

// Objects are in the order in which the keyboard walks through them.
func (r *shellRenderer) Objects() []fyne.CanvasObject {
	s := r.s
	var os []fyne.CanvasObject
	if s.side != nil {
		os = append(os, s.ground, s.side, s.edge)
	}
	if s.bar != nil {
		os = append(os, s.bar, s.under)
	}
	return append(os, s.page)
}

func (r *shellRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 240) }
func (r *shellRenderer) Refresh()           { r.Layout(r.s.Size()); r.s.page.Refresh() }

func (r *shellRenderer) Layout(size fyne.Size) {
	s := r.s
	if wide := size.Width >= look.FoldBelow; wide != s.wide {
		s.wide, s.wish = wide, 0
	}
	x, y := float32(0), float32(0)
	if s.side != nil {
		show := s.wish > 0 || s.wish == 0 && s.wide
		for _, o := range []fyne.CanvasObject{s.side, s.ground, s.edge} {
			Show(o, show)
		}
		if show {
			x = look.SideWidth
			put(s.ground, 0, 0, x-1, size.Height)
			put(s.side, 0, 0, x-1, size.Height)
			put(s.edge, x-1, 0, 1, size.Height)
		}
		if show != s.shown {
			if s.shown = show; s.onFold != nil {
				s.onFold(show)
			}
		}
	}
	if s.bar != nil {
		y = look.BarHeight
		put(s.bar, x, 0, size.Width-x, y-1)
		put(s.under, x, y-1, size.Width-x, 1)
	}
	put(s.page, x, y, size.Width-x, size.Height-y)
}

// root keeps the least size of a window apart from what is in it, which would
// make the window grow.
type root struct{ min fyne.Size }

func (l root) Layout(os []fyne.CanvasObject, s fyne.Size) {
	for _, o := range os {
		put(o, 0, 0, s.Width, s.Height)
	}
}

func (l root) MinSize([]fyne.CanvasObject) fyne.Size { return l.min }

// Root is the content of a window that may be as small as w × h whatever is in
// it.
func Root(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(root{fyne.NewSize(w, h)}, o)
}

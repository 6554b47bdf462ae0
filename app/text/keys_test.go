package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sendoff/app/text"
)

// constants lists the non-empty values of the string constants of type name in
// a package's source.
func constants(t *testing.T, dir, name string) []string {
	t.Helper()
	var out []string
	for _, f := range sources(t, dir) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); !ok || id.Name != name {
					continue
				}
				for _, x := range v.Values {
					if s, err := strconv.Unquote(x.(*ast.BasicLit).Value); err == nil && s != "" {
						out = append(out, s)
					}
				}
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no constants of type %s in %s", name, dir)
	}
	return out
}

func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	var out []*ast.File
	set := token.NewFileSet()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(set, path, nil, 0)
		if err == nil {
			out = append(out, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// used finds the keys that code asks for: calls of T, N and Has with a literal
// ("a.b") or with a literal prefix ("a." + x).
func used(t *testing.T) (exact, plural, prefixes map[string]bool) {
	exact, plural, prefixes = map[string]bool{}, map[string]bool{}, map[string]bool{}
	files := sources(t, "..")
	set := token.NewFileSet()
	if f, err := parser.ParseFile(set, "../../main.go", nil, 0); err == nil {
		files = append(files, f)
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			// format.go reads the few signs straight from the map.
			if ix, ok := n.(*ast.IndexExpr); ok {
				if lit, ok := ix.Index.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, _ := strconv.Unquote(lit.Value); strings.HasPrefix(s, "format.") {
						exact[s] = true
					}
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"T", "N"}, sel.Sel.Name) {
				return true
			}
			switch a := call.Args[0].(type) {
			case *ast.BasicLit:
				s, err := strconv.Unquote(a.Value)
				if err != nil || !strings.Contains(s, ".") {
					return true
				}
				if sel.Sel.Name == "N" {
					plural[s] = true
				} else {
					exact[s] = true
				}
			case *ast.BinaryExpr:
				if lit, ok := a.X.(*ast.BasicLit); ok {
					s, err := strconv.Unquote(lit.Value)
					if err == nil && strings.HasSuffix(s, ".") {
						prefixes[s] = true
					}
				}
			}
			return true
		})
	}
	return exact, plural, prefixes
}

func TestKeys(t *testing.T) {
	en, nl := load(t, "en"), load(t, "nl")
	for _, k := range en.Keys() {
		if !nl.Has(k) {
			t.Errorf("%s is missing in Dutch", k)
		}
	}
	for _, k := range nl.Keys() {
		if !en.Has(k) {
			t.Errorf("%s is missing in English", k)
		}
	}
	exact, plural, prefixes := used(t)
	for k := range exact {
		if !en.Has(k) {
			t.Errorf("code asks for %s, which is not defined", k)
		}
	}
	for k := range plural {
		if !en.Has(k+".one") || !en.Has(k+".other") {
			t.Errorf("code asks for the plural %s, which is not defined", k)
		}
	}
	for _, k := range en.Keys() {
		base := strings.TrimSuffix(strings.TrimSuffix(k, ".one"), ".other")
		known := exact[k] || plural[base]
		for p := range prefixes {
			known = known || strings.HasPrefix(k, p)
		}
		if !known {
			t.Errorf("%s is never used", k)
		}
	}
}

// A placeholder that one language forgets would lose a fact.
func TestPlaceholdersAgree(t *testing.T) {
	en, nl := load(t, "en"), load(t, "nl")
	hole := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, k := range en.Keys() {
		a, b := hole.FindAllString(en.T(k), -1), hole.FindAllString(nl.T(k), -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: English fills %v, Dutch %v", k, a, b)
		}
	}
	if len(text.Languages()) != 2 {
		t.Error("a language was added: compare it here too")
	}
}

package main

import (
	"context"
	"slices"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
)

func templateCommands() []command {
	return []command{
		{words: "template list", brief: "Lists the letters to begin with. A delivery file takes one with template = \"NAME\" in the place\nof html, in the language of its key language.", flags: plain(templateList)},
	}
}

func templateList(_ context.Context, a *app, _ []string) error {
	ids, langs := template.IDs(), template.Languages()
	opened := make([][]template.Template, len(ids))
	for i, id := range ids {
		for _, lang := range langs {
			t, err := template.Open(id, lang)
			if err != nil {
				return err
			}
			opened[i] = append(opened[i], t)
		}
	}
	if a.json {
		return a.list(len(ids), func(i int) any {
			subjects := map[string]string{}
			for k, lang := range langs {
				subjects[lang] = opened[i][k].Subject
			}
			return map[string]any{"name": ids[i], "languages": langs, "subjects": subjects, "pictures": len(opened[i][0].Assets)}
		})
	}
	return a.table([]string{"NAME", "LANGUAGES", "SUBJECT"}, len(ids), func(i int) []string {
		return []string{ids[i], strings.Join(langs, ", "), opened[i][0].Subject}
	})
}

// begin puts the template of a delivery file into a draft whose audience is known:
// its design, asking for the fields that the audience has, and its subject and
// preheader where the file has none. Its pictures are kept.
func (f deliveryFile) begin(ctx context.Context, e Engine, who access.Principal, path string, d *delivery.Draft) error {
	if f.Template == "" {
		return nil
	}
	bad := func(detail string) error {
		return &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Field: "template", Detail: detail}
	}
	if f.HTML != "" || f.HTMLInline != "" {
		return bad("it has both template and html")
	}
	if !slices.Contains(template.IDs(), f.Template) {
		return bad("there is no template “" + f.Template + "”; there are " + strings.Join(template.IDs(), ", "))
	}
	t, err := template.Open(f.Template, d.Content.Language)
	if err != nil {
		return err
	}
	fields, err := e.Fields(ctx)
	if err != nil {
		return err
	}
	as, err := e.Audiences(ctx)
	if err != nil {
		return err
	}
	t = template.Fit(t, delivery.FieldsOf(fields, as, d.Audience))
	for _, a := range t.Assets {
		if _, err := e.AddAsset(ctx, who, a.Name, a.Data); err != nil {
			return err
		}
	}
	c := &d.Content
	if c.HTML, err = block.HTML(t.Document); err != nil {
		return err
	}
	c.Design = string(t.Document.JSON())
	if c.Language == "" {
		c.Language = t.Document.Language
	}
	if c.Subject == "" {
		c.Subject = t.Subject
	}
	if c.Preheader == "" {
		c.Preheader = t.Preheader
	}
	return nil
}

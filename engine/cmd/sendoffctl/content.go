package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func contentCommands() []command {
	return []command{
		{words: "delivery html", args: "ID FILE", brief: "Takes HTML that was made elsewhere, an .html file or a .zip archive, with the images beside it.\n" +
			"What mailboxes do not run is taken out, and said. What was prepared must be prepared again.",
			min: 2, max: 2, flags: plain(deliveryHTML)},
		{words: "delivery attach", args: "ID [FILE…] [--each PATH [--folder DIR]] [--name NAME] [--none]",
			brief: "Attaches files for everybody, and with --each a file for each recipient: a path with merge tags\n" +
				"below --folder (else below the workspace), such as 'invoices/{{ number }}.pdf'. --name is what recipients see\n" +
				"of a single one. --none takes off those that there are first. What was prepared must be prepared again.",
			min: 1, max: 1 + delivery.MaxAttachments, flags: deliveryAttach},
		{words: "delivery message", args: "ID NUMBER [--out FILE.eml]", brief: "Shows what one recipient got or will get, by its number in the sending log.\nWith --out its bytes are written to a file, as they leave but for a DKIM signature.",
			min: 2, max: 2, flags: deliveryMessage},
	}
}

func deliveryHTML(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		v, err := e.Delivery(ctx, id)
		if err != nil {
			return err
		}
		r, err := e.ImportHTML(ctx, who, a.path(args[1]))
		if err != nil {
			return err
		}
		d := v.Draft
		d.Content.HTML, d.Content.Design = r.HTML, ""
		if err := e.EditDelivery(ctx, who, id, d); err != nil {
			return err
		}
		if a.json {
			return a.value(map[string]any{"id": int64(id), "html": r.Name, "bytes": len(r.HTML), "images": len(r.Images), "report": r.Report})
		}
		a.printf("%s has the HTML of %s now.\n", id, filepath.Base(r.Name))
		for _, n := range r.Report {
			a.printf("  %s\n", htmlNote(n))
		}
		return nil
	})
}

func deliveryAttach(fs *flag.FlagSet) action {
	each := fs.String("each", "", "")
	folder := fs.String("folder", "", "")
	name := fs.String("name", "", "")
	none := fs.Bool("none", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		files := args[1:]
		n := len(files)
		if *each != "" {
			n++
		}
		switch {
		case n == 0 && !*none:
			return usagef("name a file, or --each with a path, or --none")
		case *name != "" && n != 1:
			return usagef("--name is for one attachment at a time")
		case *folder != "" && *each == "":
			return usagef("--folder goes with --each")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			d := v.Draft
			d.Content.Attachments = append([]delivery.Attachment(nil), d.Content.Attachments...)
			if *none {
				d.Content.Attachments, d.Content.Folder = nil, ""
			}
			for _, f := range files {
				kept, err := addFile(ctx, e, who, a.path(f))
				if err != nil {
					return err
				}
				d.Content.Attachments = append(d.Content.Attachments, delivery.Attachment{Name: *name, Asset: kept.Hash})
			}
			if *each != "" {
				d.Content.Attachments = append(d.Content.Attachments, delivery.Attachment{Name: *name, File: *each})
			}
			if *folder != "" {
				if d.Content.Folder, err = filepath.Abs(a.path(*folder)); err != nil {
					return &delivery.Error{Op: "attach", Kind: delivery.KindIO, File: *folder, Err: err}
				}
			}
			if len(d.Content.Attachments) > delivery.MaxAttachments {
				return usagef("a delivery has at most %d attachments", delivery.MaxAttachments)
			}
			if err := e.EditDelivery(ctx, who, id, d); err != nil {
				return err
			}
			return a.tell(ctx, e, id, func(v delivery.View) {
				a.printf("%s has %s now.\n", v.ID, plural(int64(len(v.Content.Attachments)), "attachment", "attachments"))
				if v.Content.Personal() {
					a.printf("The files for single recipients belong into %s.\n", e.AttachmentFolder(v.ID, v.Content))
				}
			})
		})
	}
}

func deliveryMessage(fs *flag.FlagSet) action {
	out := fs.String("out", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		number, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil || number < 1 {
			return usagef("%q is not the number of a message; delivery logs %d --tab sending shows them", args[1], int64(id))
		}
		return a.look(ctx, func(e Engine) error {
			m, err := e.Message(ctx, id, number)
			if err != nil {
				return err
			}
			if *out != "" {
				return a.writeMessage(m, a.path(*out))
			}
			if a.json {
				return a.value(messageView(m))
			}
			a.printf("%s, message %d: %s\n", m.Address, m.Seq, messageState(m))
			if len(m.Raw) == 0 {
				a.printf("%s\n", nothingOf(m))
				return nil
			}
			a.printf("From: %s\nSubject: %s\n", m.From, m.Subject)
			for _, f := range m.Files {
				if f.Hash != "" {
					a.printf("File: %s (%d bytes)\n", f.Path, f.Size)
				}
			}
			a.printf("\n%s\n", m.Text)
			return nil
		})
	}
}

// messageState is where a message stands, in a word.
func messageState(m delivery.Message) string { return m.State.String() }

// nothingOf says why there are no bytes of a message.
func nothingOf(m delivery.Message) string {
	switch {
	case m.State == delivery.MsgExcluded:
		return "It is excluded: " + natureWord(m.Nature) + "."
	case m.Edited:
		return "The content was edited since the plan was made: what it meant to send cannot be shown."
	case m.Removed:
		return "A file was attached for this recipient alone. It was kept until the delivery ended."
	}
	return "There is no message yet. Prepare the delivery first."
}

// writeMessage writes the bytes of a message to a file.
func (a *app) writeMessage(m delivery.Message, path string) error {
	if len(m.Raw) == 0 {
		return &outcome{"no_message", nothingOf(m)}
	}
	if err := writeWhole(path, m.Raw); err != nil {
		return err
	}
	if a.json {
		return a.value(map[string]any{"file": path, "bytes": len(m.Raw), "sealed": m.Sealed})
	}
	a.printf("Wrote %d bytes to %s.\n", len(m.Raw), path)
	if !m.Sealed {
		a.printf("They differ from what the plan sealed.\n")
	}
	return nil
}

// messageView is a message as JSON.
func messageView(m delivery.Message) map[string]any {
	files := []map[string]any{}
	for _, f := range m.Files {
		if f.Hash != "" {
			files = append(files, map[string]any{"path": f.Path, "sha256": f.Hash, "bytes": f.Size})
		}
	}
	return map[string]any{"number": m.Seq, "address": m.Address, "state": m.State.String(), "message_id": m.MessageID, "from": m.From, "subject": m.Subject,
		"preheader": m.Preheader, "html": m.HTML, "text": m.Text, "bytes": len(m.Raw), "sealed": m.Sealed, "files": files}
}

// writeWhole writes a file that is there whole, or not at all.
func writeWhole(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".sendoff-*")
	if err == nil {
		defer os.Remove(f.Name()) // once it has its name there is nothing to remove
		_, err = f.Write(data)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return &delivery.Error{Op: "write", Kind: delivery.FileKind(err), File: path, Err: err}
	}
	return nil
}

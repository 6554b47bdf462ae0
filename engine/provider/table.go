package provider

import "sendoff/engine/delivery"

// Codes of what a person must know before the settings work.
const (
	NoteAppPassword  = "app_password"    // a password made for programs, not the usual one
	NoteVerifySender = "verify_sender"   // the sender's address or domain must be confirmed there first
	NoteAPIKey       = "api_key"         // the password is a key from the provider's site
	NoteUserKey      = "user_key"        // the name at log-in is fixed or from the provider's site
	NoteBridge       = "bridge"          // a program of the provider must run on this computer
	NoteRegion       = "region"          // the host differs by region
	NoteNotBulk      = "not_bulk"        // meant for personal mail: newsletters may be blocked
	NoteSandbox      = "sandbox"         // a new account sends very little until the provider allows more
	NoteBasicEnds    = "basic_auth_ends" // passwords stop working at the end of 2026
)

// starttls and tls make the two usual submission services (RFC 6409, RFC 8314).
func starttls(id, name, host string, user User) Provider {
	return Provider{ID: id, Name: name, Host: host, Port: 587, Security: delivery.SecurityStartTLS, User: user, Connections: 2}
}

func tls(id, name, host string, user User) Provider {
	return Provider{ID: id, Name: name, Host: host, Port: 465, Security: delivery.SecurityTLS, User: user, Connections: 2}
}

func (p Provider) day(n int) Provider               { p.PerDay = n; return p }
func (p Provider) minute(n int) Provider            { p.PerMinute = n; return p }
func (p Provider) second(n int) Provider            { p.PerSecond = n; return p }
func (p Provider) connection(n int) Provider        { p.PerConnection = n; return p }
func (p Provider) connections(n int) Provider       { p.Connections = n; return p }
func (p Provider) notes(codes ...string) Provider   { p.Notes = codes; return p }
func (p Provider) domains(names ...string) Provider { p.Domains = names; return p }
func (p Provider) mx(suffixes ...string) Provider   { p.MX = suffixes; return p }

// google and microsoft add the token endpoint and the scope that the provider
// documents for SMTP.
func (p Provider) google() Provider {
	p.OAuth = delivery.OAuth{Endpoint: "https://oauth2.googleapis.com/token", Scope: "https://mail.google.com/"}
	return p
}

func (p Provider) microsoft() Provider {
	p.OAuth = delivery.OAuth{Endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
		Scope: "https://outlook.office.com/SMTP.Send offline_access"}
	return p
}

// List is the providers that we know, those for newsletters after those for
// mailboxes, each part by name. Limits are those that the provider documents for
// an ordinary account; 0 where there is none or it depends on the plan.
func List() []Provider {
	return []Provider{
		starttls("fastmail", "Fastmail", "smtp.fastmail.com", UserAddress).day(4000).notes(NoteAppPassword).
			domains("fastmail.com", "fastmail.fm", "sent.com").mx("messagingengine.com"),
		starttls("gmail", "Gmail", "smtp.gmail.com", UserAddress).day(500).notes(NoteAppPassword, NoteNotBulk).
			domains("gmail.com", "googlemail.com").google(),
		starttls("workspace", "Google Workspace", "smtp.gmail.com", UserAddress).day(2000).notes(NoteAppPassword).
			mx("google.com", "googlemail.com").google(),
		starttls("gmx", "GMX", "mail.gmx.com", UserAddress).notes(NoteNotBulk).domains("gmx.com", "gmx.net", "gmx.de", "gmx.at", "gmx.ch").mx("gmx.net"),
		starttls("icloud", "iCloud", "smtp.mail.me.com", UserAddress).day(1000).notes(NoteAppPassword, NoteNotBulk).
			domains("icloud.com", "me.com", "mac.com").mx("icloud.com"),
		starttls("kpn", "KPN", "smtp.kpnmail.nl", UserAddress).notes(NoteNotBulk).domains("kpnmail.nl", "kpnplanet.nl", "planet.nl", "hetnet.nl"),
		starttls("m365", "Microsoft 365", "smtp.office365.com", UserAddress).day(10000).minute(30).notes(NoteBasicEnds).
			mx("mail.protection.outlook.com").microsoft(),
		starttls("outlook", "Outlook.com", "smtp-mail.outlook.com", UserAddress).day(300).notes(NoteBasicEnds, NoteNotBulk).
			domains("outlook.com", "hotmail.com", "hotmail.nl", "live.com", "live.nl", "msn.com", "outlook.nl").microsoft(),
		{ID: "proton", Name: "Proton Mail Bridge", Host: "127.0.0.1", Port: 1025, Security: delivery.SecurityNone, User: UserAddress,
			Connections: 1, Notes: []string{NoteBridge}, Domains: []string{"proton.me", "protonmail.com", "pm.me"}, MX: []string{"protonmail.ch"}},
		tls("strato", "Strato", "smtp.strato.com", UserAddress).mx("rzone.de"),
		tls("transip", "TransIP", "smtp.transip.email", UserAddress).mx("transip.email"),
		starttls("webde", "Web.de", "smtp.web.de", UserAddress).notes(NoteNotBulk).domains("web.de"),
		tls("yahoo", "Yahoo", "smtp.mail.yahoo.com", UserAddress).day(500).notes(NoteAppPassword, NoteNotBulk).
			domains("yahoo.com", "yahoo.co.uk", "ymail.com").mx("yahoodns.net"),
		starttls("ziggo", "Ziggo", "smtp.ziggo.nl", UserAddress).notes(NoteNotBulk).domains("ziggo.nl", "home.nl", "casema.nl", "upcmail.nl"),
		tls("zoho", "Zoho Mail", "smtp.zoho.com", UserAddress).notes(NoteAppPassword, NoteRegion).domains("zohomail.com").mx("zoho.com", "zoho.eu"),

		starttls("ses", "Amazon SES", "email-smtp.eu-west-1.amazonaws.com", UserKey).connections(8).second(1).day(200).
			notes(NoteUserKey, NoteVerifySender, NoteRegion, NoteSandbox),
		starttls("brevo", "Brevo", "smtp-relay.brevo.com", UserName).connections(4).notes(NoteAPIKey, NoteVerifySender),
		starttls("mailersend", "MailerSend", "smtp.mailersend.net", UserName).connections(4).notes(NoteAPIKey, NoteVerifySender),
		starttls("mailgun", "Mailgun", "smtp.eu.mailgun.org", UserName).connections(8).notes(NoteVerifySender, NoteRegion),
		starttls("mailjet", "Mailjet", "in-v3.mailjet.com", UserKey).connections(4).notes(NoteUserKey, NoteAPIKey, NoteVerifySender),
		starttls("postmark", "Postmark", "smtp-broadcasts.postmarkapp.com", UserKey).connections(8).notes(NoteUserKey, NoteAPIKey, NoteVerifySender),
		starttls("sendgrid", "SendGrid", "smtp.sendgrid.net", UserKey).connections(8).connection(5000).notes(NoteUserKey, NoteAPIKey, NoteVerifySender),
		starttls("smtp2go", "SMTP2GO", "mail-eu.smtp2go.com", UserName).connections(8).notes(NoteVerifySender),
		starttls("sparkpost", "SparkPost", "smtp.eu.sparkpostmail.com", UserKey).connections(8).notes(NoteUserKey, NoteAPIKey, NoteVerifySender, NoteRegion),
	}
}

// ByID finds one of the list.
func ByID(id string) (Provider, bool) {
	for _, p := range List() {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return Provider{}, false
}

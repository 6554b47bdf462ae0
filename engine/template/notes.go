package template

import "sendoff/engine/block"

// welcome: a thank you, and three steps.
func welcome(w *writer) {
	const site = "https://www.sprout.example"
	w.t.Subject = w.say(`Welcome, {{ first_name | default: "friend" }}. Shall we begin?`, `Welkom, {{ first_name | default: "plantenvriend" }}. Zullen we beginnen?`)
	w.t.Preheader = w.say("Three small steps, and your first plant is as good as on its way.", "Drie kleine stappen, en je eerste plant is zo goed als onderweg.")
	w.t.Document.Brand = block.Brand{Name: "Sprout", LogoURL: site, Color: "#23703F", Tint: "#EDF6EF", Text: "#1F2E25", Sheet: "#FFFFFF", Ground: "#E4F0E6",
		Heading: block.FontHumanist, Body: block.FontHumanist, Radius: 18, Width: 600, HeadAlign: block.AlignCenter}
	step := func(n, title, body string) block.Column {
		return card(heading(2, n), tight(heading(3, title)), small(body))
	}
	w.add(
		bleed(w.picture("sprout", w.say("A green plant in a terracotta pot, with a watering can beside it", "Een groene plant in een terracotta pot, met een gieter ernaast"))),
		centred(heading(1, w.say(`Good that you are here, {{ first_name | default: "friend" }}`, `Fijn dat je er bent, {{ first_name | default: "plantenvriend" }}`))),
		centred(large(w.say("You just joined 4,000 people who keep their plants alive, most of the time.", "Je hoort nu bij 4.000 mensen die hun planten in leven houden, meestal."))),
		columns(
			step("1", w.say("Tell us your light", "Vertel over je licht"), w.say("North, south, or a bathroom without a window.", "Noord, zuid of een badkamer zonder raam.")),
			step("2", w.say("Choose a plant", "Kies een plant"), w.say("We show only those that will like it there.", "We tonen alleen wat het daar naar zijn zin heeft.")),
			step("3", w.say("Water it on time", "Geef op tijd water"), w.say("One mail a week, on the day it is thirsty.", "Eén mail per week, op de dag dat hij dorst heeft."))),
		centred(button(w.say("Begin with the light", "Begin met het licht"), site+"/start")),
		divider(),
		with(columns(
			column(heading(3, w.say("Nothing grows?", "Groeit er niets?")), text(w.say("Reply to this mail. A person who knows plants reads it, usually within a day.", "Antwoord op deze mail. Iemand die planten kent leest het, meestal binnen een dag."))),
			column(heading(3, w.say("A shop near you", "Een winkel bij jou")), text(w.say(`Come and smell the soil in {{ city | default: "one of our nine shops" }}. [Opening hours](`+site+"/shops)", `Kom de aarde ruiken in {{ city | default: "een van onze negen winkels" }}. [Openingstijden](`+site+"/shops)")))), func(b *block.Block) { b.Space = block.SpaceTight }),
	)
	w.end(site, w.say("You get this because you signed up at sprout.example.", "Je krijgt dit omdat je je hebt ingeschreven op sprout.example."), "Sprout, Kweeklaan 9, 1431 AA Aalsmeer")
}

// appointment: one thing to know, and two answers.
func appointment(w *writer) {
	const site = "https://www.spokes.example"
	w.t.Subject = w.say(`Your appointment on {{ appointment_date | default: "the day we agreed" }}`, `Je afspraak op {{ appointment_date | default: "de afgesproken dag" }}`)
	w.t.Preheader = w.say("Your bicycle is expected. Change it up to a day before.", "We verwachten je fiets. Verzetten kan tot een dag van tevoren.")
	w.t.Document.Brand = block.Brand{Name: "Spokes & Co", LogoURL: site, Color: "#B5362A", Tint: "#EFF4F6", Text: "#24323A", Sheet: "#FFFFFF", Ground: "#E3ECEF",
		Heading: block.FontSans, Body: block.FontSans, Radius: 12, Width: 600}
	w.add(
		bleed(w.picture("bicycle", w.say("A red bicycle with flowers in its basket before a row of canal houses", "Een rode fiets met bloemen in de mand voor een rij grachtenpanden"))),
		heading(1, w.say("See you soon", "Tot gauw")),
		text(w.say(`Hello {{ first_name | default: "there" }}, this is to remind you that we have a stand free for your bicycle.`, `Hallo {{ first_name | default: "daar" }}, een geheugensteuntje: we hebben een standplaats vrij voor je fiets.`)),
		columns(
			block.Column{Share: 1, Fill: block.FillTint, Blocks: []block.Block{
				small(w.say("**Date and time**", "**Datum en tijd**")),
				tight(heading(2, `{{ appointment_date | default: "`+w.say("As agreed", "Zoals afgesproken")+`" }}`)),
				tight(text(`{{ appointment_time | default: "` + w.say("between 9 and 10", "tussen 9 en 10 uur") + `" }}`))}},
			block.Column{Share: 1, Fill: block.FillTint, Blocks: []block.Block{
				small(w.say("**Workshop**", "**Werkplaats**")),
				tight(heading(2, `{{ city | default: "Amsterdam" }}`)),
				tight(text(w.say("Behind the station", "Achter het station")))}}),
		columns(
			column(with(button(w.say("That suits me", "Dat komt goed uit"), site+"/confirm"), func(b *block.Block) { b.Full = true })),
			column(with(outline(button(w.say("Another day", "Een andere dag"), site+"/change")), func(b *block.Block) { b.Full = true }))),
		heading(3, w.say("Good to bring", "Handig om mee te nemen")),
		block.Block{Kind: block.List, Text: w.say("The key of the lock, the spare one too\nThe battery, if your bicycle has one\nWhat rattles, in your own words", "De sleutel van het slot, ook de reserve\nDe accu, als je fiets er een heeft\nWat er rammelt, in je eigen woorden")},
		with(tinted(text(w.say("**A bicycle to go on with?** In Utrecht you can borrow one while yours is with us. [Reserve it]("+site+"/loan)", "**Een fiets om door te kunnen?** In Utrecht leen je er een zolang die van jou bij ons is. [Reserveer hem]("+site+"/loan)"))), func(b *block.Block) { b.If = `city == "Utrecht"` }),
	)
	w.end(site, w.say("You get this because you made an appointment.", "Je krijgt dit omdat je een afspraak maakte."), "Spokes & Co, Stationsplein 2, 1012 AB Amsterdam")
}

// greetings: a card.
func greetings(w *writer) {
	const site = "https://www.acme.example"
	w.t.Subject = w.say(`A quiet night, {{ first_name | default: "friend" }}`, `Een stille nacht, {{ first_name | default: "vriend" }}`)
	w.t.Preheader = w.say("Thank you for this year. The workshop sleeps until the third of January.", "Dank voor dit jaar. De werkplaats slaapt tot drie januari.")
	w.t.Document.Brand = block.Brand{Name: "Acme Workshop", LogoURL: site, Color: "#17335F", Tint: "#EEF6FA", Text: "#14233F", Sheet: "#FFFFFF", Ground: "#DCE8F0",
		Heading: block.FontBook, Body: block.FontBook, Radius: 16, Width: 600, HeadAlign: block.AlignCenter}
	w.add(
		bleed(w.picture("winter", w.say("A small house in the snow under a full moon, smoke rises from its chimney", "Een huisje in de sneeuw onder een volle maan, rook stijgt uit de schoorsteen"))),
		centred(heading(1, w.say("A quiet night, and a *good* new year", "Een stille nacht, en een *goed* nieuw jaar"))),
		centred(large(w.say(`Dear {{ first_name | default: "friend" }}, thank you for a year of letters, orders and one very long phone call about hinges.`, `Beste {{ first_name | default: "vriend" }}, dank voor een jaar vol brieven, bestellingen en één heel lang gesprek over scharnieren.`))),
		centred(text(w.say("We close the workshop from **24 December** and open it again on **3 January**. What you order before the 19th is with you before the candles are lit.", "De werkplaats sluit op **24 december** en gaat op **3 januari** weer open. Wat je vóór de 19e bestelt, heb je voor de kaarsjes aangaan."))),
		centred(outline(button(w.say("Send a wish back", "Stuur een wens terug"), "mailto:hello@acme.example"))),
		centred(text(w.say("With warm regards,\n*all nine of us*", "Met een warme groet,\n*wij alle negen*"))),
	)
	w.end(site, w.say("You get this card because we worked together this year.", "Je krijgt deze kaart omdat we dit jaar samenwerkten."), "Acme Workshop, Smidsweg 12, 6811 AA Arnhem")
}

package message

import (
	"strings"

	"golang.org/x/text/currency"
)

// currencySymbol is what a locale calls a currency (ISO 4217), after Unicode CLDR 48:
// its symbol where the locale has one that tells it apart, else the code.
func currencySymbol(tag, code string) string {
	list := ""
	switch tag {
	case "en":
		list = " EUR=€ USD=$ GBP=£ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=A$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ PHP=₱"
	case "en-GB", "en-IE":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=A$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ PHP=₱"
	case "en-AU":
		list = " AUD=$"
	case "en-CA":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=$ AUD=A$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ PHP=₱"
	case "nl", "nl-BE":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=C$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "de", "de-AT", "et", "lv":
		list = " EUR=€ USD=$ GBP=£ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "de-CH":
		list = " USD=$ GBP=£ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "fr", "fr-BE", "fr-CH":
		list = " EUR=€ USD=$US GBP=£GB INR=₹ KRW=₩ BRL=R$ CAD=$CA AUD=$AU NZD=$NZ MXN=$MX ILS=₪ VND=₫ SGD=$SG"
	case "fr-CA":
		list = " EUR=€ USD=$\u00a0US GBP=£ JPY=¥ CNY=CN¥ BRL=R$ CAD=$ AUD=$\u00a0AU NZD=$\u00a0NZ HKD=$\u00a0HK SGD=$\u00a0SG"
	case "es":
		list = " EUR=€ USD=US$ VND=₫ THB=฿"
	case "es-MX":
		list = " MXN=$"
	case "es-AR":
		list = " USD=US$"
	case "it", "it-CH":
		list = " EUR=€ GBP=£ CNY=CN¥ CAD=CA$ AUD=A$ NZD=NZ$ ILS=₪ PHP=₱ THB=฿"
	case "pt", "pt-PT":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "ca":
		list = " EUR=€ GBP=£ JPY=¥ INR=₹ KRW=₩ AUD=AU$ NZD=NZ$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "da":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ DKK=kr. HKD=HK$ TWD=NT$ THB=฿"
	case "sv":
		list = " EUR=€ USD=US$ BRL=BR$ CAD=CA$ MXN=MX$ ILS=₪ DKK=Dkr SEK=kr NOK=Nkr ISK=Ikr"
	case "nb":
		list = " EUR=€ GBP=£ NOK=kr"
	case "fi":
		list = " EUR=€ USD=$ GBP=£ JPY=¥"
	case "pl":
		list = " EUR=€ BRL=R$ PLN=zł"
	case "cs":
		list = " EUR=€ USD=US$ GBP=£ JPY=JP¥ CNY=CN¥ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ CZK=Kč HKD=HK$ TWD=NT$"
	case "sk":
		list = " EUR=€ MXN=MX$ ILS=NIS"
	case "sl":
		list = " EUR=€ USD=$ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ ILS=₪ VND=₫ HKD=HK$"
	case "hr", "lt":
		list = " EUR=€"
	case "hu":
		list = " JPY=¥ HUF=Ft"
	case "ro":
		list = ""
	case "bg":
		list = " EUR=€ USD=щ.д. BGN=лв."
	case "el":
		list = " EUR=€ USD=$ GBP=£ JPY=JP¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=A$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ THB=฿"
	case "tr":
		list = " EUR=€ USD=$ GBP=£ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=AU$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ TRY=₺ HKD=HK$ TWD=NT$ THB=฿"
	case "uk":
		list = " JPY=¥ UAH=₴"
	case "ga":
		list = " EUR=€ USD=$ GBP=£ JPY=¥ CNY=CN¥ INR=₹ KRW=₩ BRL=R$ CAD=CA$ AUD=A$ NZD=NZ$ MXN=MX$ ILS=₪ VND=₫ HKD=HK$ TWD=NT$ PHP=₱ THB=฿"
	}
	_, symbol, ok := strings.Cut(list, " "+code+"=")
	if !ok {
		return code
	}
	symbol, _, _ = strings.Cut(symbol, " ")
	return symbol
}

// minorDigits are the decimal places that a currency is written with. The tables of
// golang.org/x/text are of an older CLDR, which knew other ones for some.
func minorDigits(unit currency.Unit) int {
	switch unit.String() {
	case "HUF":
		return 0
	case "AMD", "GYD", "MNT", "MUR", "RSD", "TZS", "UZS":
		return 2
	}
	n, _ := currency.Standard.Rounding(unit)
	return n
}

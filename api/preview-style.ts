/** Of a page that stands alone: nothing is fetched, and on paper everything is open. */
export const PREVIEW_STYLE = `
:root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { margin-bottom: 0 } h2 { margin-top: 2.2rem; border-bottom: 1px solid #c6ccd6 }
p.head { color: #4b5565; margin-top: .2rem }
.bar { display: flex; height: 1.6rem; border: 1px solid #4b5565; margin: 1rem 0 }
.bar i { display: block; min-width: 2px; border-right: 1px solid #fff }
.ready { background: #2f7d4f } .readyUntil { background: #8cbf6a } .needsNumber { background: #e0b13c }
.needsLook { background: #d98236 } .legacyClient { background: #b5533c } .unknown { background: #8a8f98 }
.notAPerson { background: #7d6aa8 } .administrator { background: #3d6fb0 } .guest { background: #6fa3c9 }
.away { background: #b9c0cb } .protected { background: #1c2430 }
details { margin: .3rem 0; border-left: 3px solid #c6ccd6; padding-left: .7rem }
summary { cursor: pointer } summary b { display: inline-block; min-width: 5.5rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .92rem }
caption { text-align: left; color: #4b5565 }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #e3e7ed }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.note { background: #fff6da; padding: .5rem .8rem; border-left: 3px solid #e0b13c }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt } .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  details::details-content { content-visibility: visible; display: block } tr, summary { break-inside: avoid } h2 { break-after: avoid }
}
`

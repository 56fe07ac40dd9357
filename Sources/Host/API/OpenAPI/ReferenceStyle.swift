/// The style of the page.
enum ReferenceStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --page: #fff; --text: #1f2430; --soft: #5b6372; --line: #e2e5ea; --box: #f7f8fa;
          --link: #1d4ed8; --post: #1d4ed8; --get: #15803d; --delete: #b91c1c; --warn: #b45309; --dark: #20242e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14161b; --text: #e4e7ec; --soft: #9aa3b2; --line: #2c313b; --box: #1b1e25;
            --link: #8ab4ff; --post: #8ab4ff; --get: #6dd58c; --delete: #ff8d85; --warn: #f0b35a; --dark: #0c0e12;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body {
          background: var(--page); color: var(--text); display: grid; font: 16px/1.6 system-ui, sans-serif;
          grid-template-columns: 13rem minmax(0, 54rem); gap: 3rem; justify-content: center; margin: 0;
          padding: 0 1.5rem;
        }
        nav { align-self: start; font-size: 15px; padding-top: 2.2rem; position: sticky; top: 0; }
        nav strong { font-size: 1.25rem; }
        nav ul { list-style: none; margin: .8rem 0; padding: 0; }
        nav li { margin: .25rem 0; }
        nav a { color: var(--soft); text-decoration: none; }
        nav a:hover { color: var(--link); text-decoration: underline; }
        main { padding: 1.6rem 0 6rem; }
        h1 { font-size: 2rem; line-height: 1.2; margin: .3rem 0; }
        h2 { border-top: 1px solid var(--line); font-size: 1.5rem; margin: 3rem 0 .6rem; padding-top: 1.6rem; }
        h3 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
        h4 { color: var(--soft); font-size: .95rem; margin: 1.1rem 0 .3rem; }
        p { margin: .6rem 0; }
        a { color: var(--link); }
        code, pre { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        code { overflow-wrap: anywhere; }
        p code, li code, td code { background: var(--box); border-radius: 4px; padding: .1em .3em; }
        pre { border-radius: 8px; margin: .4rem 0; overflow-x: auto; padding: .8rem 1rem; }
        pre.command { background: var(--dark); color: #e4e7ec; }
        pre.answer {
          background: var(--box); border: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap;
        }
        details { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; padding: 0 1rem; }
        details[open] { padding-bottom: 1rem; }
        summary { cursor: pointer; margin: 0 -1rem; padding: .55rem 1rem; }
        summary:hover { background: var(--box); border-radius: 8px; }
        summary code { margin-right: .6rem; }
        summary span { color: var(--soft); }
        summary .name { color: var(--text); display: inline-block; margin-right: .6rem; min-width: 14rem; }
        summary b { display: inline-block; font-size: .8rem; letter-spacing: .03em; min-width: 3.6rem; }
        b.POST { color: var(--post); } b.GET { color: var(--get); } b.DELETE { color: var(--delete); }
        .types { font-size: .92rem; }
        table { border-collapse: collapse; font-size: .94rem; width: 100%; }
        th { color: var(--soft); font-size: .85rem; font-weight: 600; }
        th, td { border-bottom: 1px solid var(--line); padding: .4rem .9rem .4rem 0; }
        th, td { text-align: left; vertical-align: top; }
        td b { color: var(--warn); font-size: .8rem; font-weight: 600; }
        @media (min-width: 40rem) { td:first-child code { white-space: nowrap; } }
        @media (max-width: 60rem) {
          body { display: block; padding: 0 1rem; }
          nav { border-bottom: 1px solid var(--line); padding: 1rem 0; position: static; }
          nav ul { margin: .4rem 0; }
          nav li { display: inline-block; margin: .1rem .9rem .1rem 0; }
          main { padding-top: .6rem; }
        }
        @media (max-width: 40rem) {
          table.stack th { display: none; }
          table.stack tr { border-bottom: 1px solid var(--line); display: block; padding: .4rem 0; }
          table.stack td { border: 0; display: block; padding: .1rem 0; }
          summary .name { min-width: 0; }
          summary span:not(.name) { display: block; }
        }

        """
}

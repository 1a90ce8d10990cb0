function i(n,o=0){let e=n.length-o;for(let r=o+1;r<n.length;r++)c(n.charCodeAt(r))&&t(n.charCodeAt(r-1))&&e--;return e}function t(n){return n>=55296&&n<56320}function c(n){return n>=56320&&n<57344}function a(n){let o=1,e=0;for(;;){let r=n.indexOf(`
`,e);if(r<0)return{line:o,characters:i(n,e)};e=r+1,o++}}export{i as a,a as b};

// Before the first paint of an embed: the colours that the address pins. Without them they follow the page around.
const pinned = /[?&]theme=(light|dark)(?:&|$)/.exec(location.search);
if (pinned) document.documentElement.dataset.theme = pinned[1];

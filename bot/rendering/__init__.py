"""Pure rendering: from effects and cases to what Telegram is sent. Nothing here sends."""

"""Emails as mail servers and people send them, made up around a letter of ours; domains of RFC 2606 only."""

from __future__ import annotations

from flask import current_app

from scrutiny.correspondence.mail_reading import tagged
from scrutiny.correspondence.models import Posting

#: As Postfix writes it, RFC 3464.
POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {back}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"
Message-Id: <bounce-1@mx.example.org>

--B1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.
<{to}>: host mail.example.org said: 550 5.1.1 No such user

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon,  2 Mar 2026 09:00:00 +0000

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {told}

--B1
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Scrutiny <no-reply@loamshire.example>
To: {to}
Subject: A request
Message-ID:
 <{message_id}>

--B1--
"""
#: As Exchange writes it: the whole letter comes back.
EXCHANGE = """\
From: postmaster@example.org
To: {back}
Subject: Undeliverable: A request
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B2"

--B2
Content-Type: multipart/alternative; boundary="B3"

--B3
Content-Type: text/plain; charset="utf-8"

Your message couldn't be delivered.
--B3
Content-Type: text/html; charset="utf-8"

<p onclick="alert(1)">Your message <b>couldn't</b> be delivered.</p>
--B3--

--B2
Content-Type: message/delivery-status

Reporting-MTA: dns;example.org

Final-Recipient: rfc822;{to}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full

--B2
Content-Type: message/rfc822

From: no-reply@loamshire.example
To: {to}
Subject: A request
Message-ID: <{message_id}>

Dear Ms Bright
--B2--
"""
#: As qmail writes it: no report, but the letter below.
QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@example.org
To: {back}
Subject: failure notice

Hi. This is the qmail-send program at example.org.
<{to}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <{message_id}>
"""
AWAY = """\
From: Ms Bright <{to}>
To: {back}
Subject: Automatic reply: A request
Auto-Submitted: auto-replied
In-Reply-To: <{message_id}>
Content-Type: text/plain; charset=utf-8

I am away until Monday.
"""
REPLY = """\
From: Ms Bright <{to}>
To: {back}
Subject: Re: A request
In-Reply-To: <{message_id}>
References: <earlier@example.org> <{message_id}>
Message-ID: <reply-1@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="B4"

--B4
Content-Type: text/plain; charset=utf-8

Our answer is attached.\u202e
<script>alert(1)</script>
--B4
Content-Type: text/html; charset=utf-8

<script>alert(2)</script>
--B4
Content-Type: application/vnd.ms-excel; name="waits.xls"
Content-Disposition: attachment; filename="../waits.xls"
Content-Transfer-Encoding: base64

AAAA
--B4--
"""


def made(form: str, *, message_id: str, to: str = "police@example.org", **more: str) -> bytes:
    """One of these as it comes over the wire."""
    values = {
        "action": "failed",
        "status": "5.1.1",
        "told": "550 5.1.1 No such user",
        "back": "no-reply@loamshire.example",
    } | more
    return form.format(message_id=message_id, to=to, **values).replace("\n", "\r\n").encode()


def came_back(form: str, posting: Posting, **more: str) -> bytes:
    """A bounce as it comes to the return path of one of our emails."""
    secret = current_app.config["SETTINGS"].secret_key
    return made(
        form, message_id=posting.message_id, back=tagged("replies@loamshire.example", posting.id, secret, bounces=True), **more
    )

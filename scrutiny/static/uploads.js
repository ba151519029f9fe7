// Progress while files are sent. Without scripts the browser sends the form by itself and shows its own progress.
document.querySelectorAll('form[enctype="multipart/form-data"]').forEach((form) => form.addEventListener("submit", send));

function send(event) {
  const form = event.currentTarget;
  const place = form.querySelector("[data-upload-progress]");
  const files = [...form.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]);
  if (!place || files.length === 0) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  bar.className = "scrutiny-progress__bar";
  bar.max = 1;
  bar.setAttribute("aria-label", "Sending files");
  words.className = "govuk-body scrutiny-progress__words";
  words.setAttribute("role", "status");
  place.replaceChildren(bar, words);
  place.hidden = false;
  const call = new XMLHttpRequest();
  call.open("POST", form.action || window.location.href);
  call.upload.onprogress = (progress) => {
    if (!progress.lengthComputable) return;
    const share = progress.loaded / progress.total;
    bar.value = share;
    words.textContent = share < 1 ? `${Math.floor(share * 100)} % sent` : "All sent. The files are being checked.";
  };
  call.onload = () => {
    // A redirect has been followed: go there. Anything else is the same page with what is wrong in it.
    if (call.responseURL && call.responseURL !== (form.action || window.location.href)) {
      window.location.assign(call.responseURL);
      return;
    }
    document.open();
    document.write(call.responseText);
    document.close();
  };
  call.onerror = () => {
    bar.remove();
    words.textContent = "The files did not arrive: the connection was lost. Nothing was kept. Save again when you are back online.";
  };
  call.send(data);
}

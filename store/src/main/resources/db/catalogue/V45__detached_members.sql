-- Whoever was only left behind is attached again by the watch; so far the words told them apart.
update member set stage = 'Detached'
where stage = 'Broken'
    and (trouble like 'rejoin-old-primary: %' or trouble like 'rejoin: %'
        or trouble like 'follow-%: %' or trouble like 'listen-%: %' or trouble like 'resume-%: %');

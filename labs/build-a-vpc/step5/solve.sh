isthmus delete vpc "$vpc" --yes

# Step 2: your AWS CLI calls, as you would type them. `isthmus lab start` shows what is to be done.

isthmus create vpc NextWork-1 10.1.0.0/16
isthmus create vpc NextWork-2 10.2.0.0/16

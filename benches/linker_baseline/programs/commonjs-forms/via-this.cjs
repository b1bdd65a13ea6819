this.value = 'set through this';
if (this === module.exports && exports === this) this.exportsIsThis = true;
